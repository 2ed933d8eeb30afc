#include "host/loop.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/check.h"
#include "host/loop_inner.h"
#include "host/real_clock.h"

namespace nk::host {

namespace {
constexpr Nanos look_every = milliseconds(100);  // for is_over, when nothing happens
}

Loop::Loop() : inner_(std::make_unique<Inner>()) {}

Loop::~Loop() = default;

void Loop::run_until(MonoTime deadline, const std::function<bool()>& is_over) {
    const RealClock clock;
    auto& context = inner_->context;
    while (!inner_->is_stopped.exchange(false) && !(is_over && is_over())) {
        // What is ready comes first, so that a deadline that has passed still takes a turn.
        if (context.poll_one() != 0) {
            if (clock.now() >= deadline)
                return;
            continue;
        }
        const Nanos rest = deadline - clock.now();
        if (rest <= Nanos::zero())
            return;
        context.run_one_for(std::min(rest, look_every));
    }
}

void Loop::run(const std::function<bool()>& is_over) {
    run_until({std::numeric_limits<std::int64_t>::max()}, is_over);
}

void Loop::post(std::function<void()> work) {
    boost::asio::post(inner_->context, std::move(work));
}

void Loop::stop() {
    inner_->is_stopped = true;
    post([] {});  // wakes it up
}

struct Loop::Timer::Inner : std::enable_shared_from_this<Loop::Timer::Inner> {
    Inner(boost::asio::io_context& context, Nanos every, std::function<void()> work)
        : timer(context), period(every), call(std::move(work)) {}
    void wait() {
        const auto now = std::chrono::steady_clock::now();
        due = std::max(due + period, now);
        timer.expires_at(due);
        timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (error || self->is_over)
                return;
            self->call();
            if (!self->is_over)
                self->wait();
        });
    }
    boost::asio::steady_timer timer;
    Nanos period;
    std::function<void()> call;
    std::chrono::steady_clock::time_point due;
    bool is_over = false;
};

Loop::Timer::Timer(std::shared_ptr<Inner> inner) : inner_(std::move(inner)) {}

Loop::Timer& Loop::Timer::operator=(Timer&& other) noexcept {
    std::swap(inner_, other.inner_);
    return *this;
}

Loop::Timer::~Timer() {
    if (!inner_)
        return;
    inner_->is_over = true;
    inner_->timer.cancel();
}

Loop::Timer Loop::every(Nanos period, std::function<void()> call) {
    NK_CHECK(period > Nanos::zero());
    auto inner = std::make_shared<Timer::Inner>(inner_->context, period, std::move(call));
    inner->due = std::chrono::steady_clock::now();
    inner->wait();
    return Timer(std::move(inner));
}

}  // namespace nk::host
