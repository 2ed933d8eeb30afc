#include "app/work_strand.h"

#include <chrono>
#include <utility>

#include "base/limits.h"

namespace nk::app {

bool WorkStrand::post(std::function<std::function<void()>()> job) {
    {
        const std::lock_guard guard(mutex_);
        if (jobs_.size() >= limits::work_waiting_max)
            return false;
        jobs_.push_back(std::move(job));
    }
    has_more_.notify_one();
    return true;
}

void WorkStrand::turn() {
    std::function<std::function<void()>()> job;
    {
        std::unique_lock guard(mutex_);
        has_more_.wait_for(guard, milliseconds(100), [this] { return !jobs_.empty(); });
        if (jobs_.empty())
            return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
    }
    // What the job holds goes on the window's strand, too: an answer may be among it.
    loop_.post([then = job(), job = std::move(job)] { then(); });
}

}  // namespace nk::app
