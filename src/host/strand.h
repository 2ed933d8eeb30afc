#pragma once
// A thread of its own that takes turns until it is stopped.

#include <atomic>
#include <functional>
#include <thread>

#include <pthread.h>

namespace nk::host {

class Strand {
public:
    // `turn` returns soon: it waits for its own work, a moment at a time. `name` is what top(1)
    // shows; at most 15 bytes, or the kernel keeps the program's own.
    Strand(const char* name, std::function<void()> turn)
        : thread_([this, name, turn = std::move(turn)] {
              pthread_setname_np(pthread_self(), name);
              while (!is_stopped_.load(std::memory_order_acquire))
                  turn();
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

private:
    std::atomic<bool> is_stopped_{false};
    std::thread thread_;  // last: it uses the others
};

}  // namespace nk::host
