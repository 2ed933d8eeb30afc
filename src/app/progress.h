#pragma once
// One line on the terminal that says how far long work is. Silent when standard error is no
// terminal.

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace nk::app {

// The line: a bar, unless `part` is negative, and the counts.
std::string progress_text(double part, std::uint64_t packets, std::uint64_t recordings);

// "━━━━╌╌╌╌  50 %  100 of 200, 12 s to go".
std::string work_text(std::size_t done, std::size_t all, Nanos since);

class Progress {
public:
    Progress(const Clock& clock, bool wanted);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    // `part` is 0..1, or negative when unknown. Writes at most ten times a second.
    void show(double part, std::uint64_t packets, std::uint64_t recordings);
    // The same in other words, and for work of so many pieces, with how long it may go on.
    void show_text(const std::string& text);
    void show_work(std::size_t done, std::size_t all, Nanos since);
    void clear();

private:
    const Clock& clock_;
    bool on_;
    bool shown_ = false;
    MonoTime last_;
};

}  // namespace nk::app
