#pragma once
// What waits for sockets and for time: one thread runs it, and everything it calls is on that
// thread's strand. Boost.Asio is inside, and is seen by host's own sources only.

#include <functional>
#include <memory>

#include "base/time.h"

namespace nk::host {

class Loop {
public:
    Loop();
    ~Loop();  // what was posted and did not run is forgotten
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Runs what is due until the monotonic clock shows `deadline`, `is_over` says so or somebody
    // asks it to stop. `is_over` is asked between any two things that run and at least every
    // tenth of a second, also when a signal was all that happened.
    void run_until(MonoTime deadline, const std::function<bool()>& is_over = {});
    // Runs until is_over or stop.
    void run(const std::function<bool()>& is_over = {});

    // These two from any thread; the rest from the loop's. Work runs in the order it is posted.
    void post(std::function<void()> work);
    // The run that is on its way returns soon; when there is none, the next one.
    void stop();

    // Calls until it goes. It must not outlive the loop; it may go in its own call.
    class Timer {
    public:
        Timer() = default;
        Timer(Timer&&) noexcept = default;
        Timer& operator=(Timer&& other) noexcept;
        ~Timer();

    private:
        friend class Loop;
        struct Inner;
        explicit Timer(std::shared_ptr<Inner> inner);
        std::shared_ptr<Inner> inner_;
    };
    // The first call is one `period` from now. A call that is late makes none after it later, and
    // those that were missed are not made up for.
    [[nodiscard]] Timer every(Nanos period, std::function<void()> call);

    struct Inner;  // host/loop_inner.h
    [[nodiscard]] Inner& inner() { return *inner_; }

private:
    std::unique_ptr<Inner> inner_;
};

}  // namespace nk::host
