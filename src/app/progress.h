#pragma once
// One line on the terminal that says how far long work is. Silent when standard error is no
// terminal.

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace nk::app {

// The line: a bar, unless `part` is negative, and the counts.
std::string progress_text(double part, std::uint64_t packets, std::uint64_t recordings);

class Progress {
public:
    Progress(const Clock& clock, bool wanted);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    // `part` is 0..1, or negative when unknown. Writes at most ten times a second.
    void show(double part, std::uint64_t packets, std::uint64_t recordings);
    void clear();

private:
    const Clock& clock_;
    bool on_;
    bool shown_ = false;
    MonoTime last_;
};

}  // namespace nk::app
