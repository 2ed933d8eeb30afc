#pragma once
// A thread of its own that takes turns until it is stopped.

#include <atomic>
#include <functional>
#include <thread>

namespace nk::host {

class Strand {
public:
    // `turn` returns soon: it waits for its own work, a moment at a time.
    explicit Strand(std::function<void()> turn)
        : thread_([this, turn = std::move(turn)] {
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
