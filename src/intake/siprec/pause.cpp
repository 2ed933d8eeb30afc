#include "intake/siprec/pause.h"

#include <algorithm>

#include "base/limits.h"

namespace nk::siprec {

bool Pause::begin(MonoTime now) {
    asked_ = now;
    if (since_)
        return false;
    since_ = now;
    return true;
}

bool Pause::end(MonoTime now) {
    if (!since_)
        return false;
    over_.push_back({*since_, now});
    since_.reset();
    if (over_.size() > limits::pauses_remembered_max) {  // rather too much is withheld
        over_[1].from = over_[0].from;
        over_.erase(over_.begin());
    }
    return true;
}

bool Pause::was_on(MonoTime at) const {
    return (since_ && at >= *since_) ||
           std::any_of(over_.begin(), over_.end(),
                       [at](const Span& span) { return at >= span.from && at < span.until; });
}

bool Pause::is_forgotten(MonoTime now) const {
    return since_ && now - asked_ >= limits::pause_max;
}

}  // namespace nk::siprec
