#pragma once
// Files for elsewhere: each appears under its name when it is whole. One that cannot be finished,
// and one during which somebody says stop, leaves nothing.

#include <functional>
#include <string>

#include "base/disk.h"
#include "base/result.h"

namespace nk::app {

class Outbox {
public:
    // `is_stopped` is asked before each write.
    Outbox(Disk& disk, std::function<bool()> is_stopped)
        : disk_(disk), is_stopped_(std::move(is_stopped)) {}

    using Fill = std::function<Result<void>(File&)>;
    // Makes the file at `part`, in place of what an export that was broken off left there; it is
    // whole and synced then, or gone.
    Result<void> fill(const std::string& part, const Fill& fill);
    // Gives it its name, in place of a file that has it.
    Result<void> appear(const std::string& part, const std::string& path);
    void drop(const std::string& part);
    Result<void> make_folders(const std::string& folder);

    // What went wrong was the place that is written to: what follows would fare no better.
    [[nodiscard]] bool has_failed() const { return has_failed_; }

private:
    class Watched;
    Result<void> noted(Result<void> outcome);

    Disk& disk_;
    std::function<bool()> is_stopped_;
    bool has_failed_ = false;
};

}  // namespace nk::app
