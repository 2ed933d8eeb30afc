#pragma once
// How long whoever stops the recorder waits for the sealing. The first signal ends the recording in
// order; tools such as timeout(1) send two. The third, when it comes a second after the first or
// later, is a person's who does not want to wait: what is not sealed is left in the journal.

#include <optional>

#include "base/time.h"

namespace nk::app {

class Patience {
public:
    static constexpr int signals_of_haste = 3;
    static constexpr Nanos haste_after = seconds(1);
    static constexpr Nanos tell_after = seconds(3);

    // To be told often how many signals came until now.
    void see(int signals, MonoTime now) {
        if (signals == 0)
            return;
        if (!first_)
            first_ = now;
        if (now - *first_ < haste_after)
            early_ = signals;
        else
            is_over_ = is_over_ || (signals >= signals_of_haste && signals > early_);
    }
    [[nodiscard]] bool is_over() const { return is_over_; }
    // Whether it is time to say how not to wait; once.
    bool is_to_be_told(MonoTime now) {
        if (!first_ || is_told_ || now - *first_ < tell_after)
            return false;
        is_told_ = true;
        return true;
    }

private:
    std::optional<MonoTime> first_;
    int early_ = 0;  // signals within haste_after
    bool is_over_ = false;
    bool is_told_ = false;
};

}  // namespace nk::app
