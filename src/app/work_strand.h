#pragma once
// The strand on which the window has done what takes long: one job after the other, and what each
// gives goes back to the window's loop.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "host/loop.h"
#include "host/strand.h"
#include "listener/work.h"

namespace nk::app {

class WorkStrand : public listener::Work {
public:
    // The loop must outlive it.
    explicit WorkStrand(host::Loop& loop) : loop_(loop), strand_("nk-work", [this] { turn(); }) {}
    // The window's strand.
    bool post(std::function<std::function<void()>()> job) override;
    // The job that is on its way ends; those that wait are forgotten.
    void stop() { strand_.stop(); }

private:
    void turn();

    host::Loop& loop_;
    std::mutex mutex_;
    std::condition_variable has_more_;
    std::deque<std::function<std::function<void()>()>> jobs_;
    host::Strand strand_;  // last: it uses the others
};

}  // namespace nk::app
