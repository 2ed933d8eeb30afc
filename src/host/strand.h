#pragma once
// A thread of its own that takes turns until it is stopped.

#include <atomic>
#include <functional>
#include <thread>

#include <pthread.h>

#include "base/time.h"

namespace nk::host {

// What the thread that asks has used of a processor until now.
Nanos strand_cpu();

class Strand {
public:
    // `turn` returns soon: it waits for its own work, a moment at a time. `name` is what top(1)
    // shows; at most 15 bytes, or the kernel keeps the program's own.
    Strand(const char* name, std::function<void()> turn)
        : thread_([this, name, turn = std::move(turn)] {
              pthread_setname_np(pthread_self(), name);
              while (!is_stopped_.load(std::memory_order_acquire))
                  turn();
              cpu_ = strand_cpu();
          }) {}
    ~Strand() { stop(); }
    Strand(const Strand&) = delete;
    Strand& operator=(const Strand&) = delete;
    // Returns when the turn it is in has ended. What its turns touched is the caller's from then
    // on.
    void stop() {
        is_stopped_.store(true, std::memory_order_release);
        if (thread_.joinable())
            thread_.join();
    }

    // What it used of a processor. Requires: it was stopped.
    [[nodiscard]] Nanos cpu() const { return cpu_; }

private:
    std::atomic<bool> is_stopped_{false};
    Nanos cpu_{};
    std::thread thread_;  // last: it uses the others
};

}  // namespace nk::host
