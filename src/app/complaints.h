#pragma once
// What strangers can make us say: of many complaints in a minute the first are told, and then how
// many there were, so that nobody fills a log from afar.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/time.h"

namespace nk::app {

class Complaints {
public:
    using Say = std::function<void(const std::string&)>;
    explicit Complaints(Say say, std::uint64_t in_a_minute = limits::complaints_in_a_minute)
        : say_(std::move(say)), most_(in_a_minute) {}

    void add(const std::string& sentence, MonoTime now) {
        look(now);
        if (++count_ <= most_)
            say_(sentence);
    }
    // The same sentence once in a minute.
    void add_once(const std::string& sentence, MonoTime now) {
        look(now);
        if (std::ranges::find(told_, sentence) != told_.end())
            return;
        if (told_.size() < most_)
            told_.push_back(sentence);
        add(sentence, now);
    }
    // To be called now and then: tells of those that were left out, when their minute is over.
    void look(MonoTime now) {
        if (now - since_ < minutes(1))
            return;
        if (count_ > most_)
            say_(std::to_string(count_ - most_) + " more like these were left out of the log");
        since_ = now;
        count_ = 0;
        told_.clear();
    }

private:
    Say say_;
    std::uint64_t most_;
    std::uint64_t count_ = 0;        // in this minute
    std::vector<std::string> told_;  // of add_once, in this minute
    MonoTime since_{};
};

}  // namespace nk::app
