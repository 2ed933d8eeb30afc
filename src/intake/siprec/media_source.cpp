#include "intake/siprec/media_source.h"

#include <algorithm>

#include "base/limits.h"

namespace nk::siprec {

void MediaSource::expect(const std::optional<wire::Endpoint>& told,
                         const wire::IpAddress& signalling,
                         const std::vector<wire::IpAddress>& known) {
    const bool is_named = told && !told->ip.is_unspecified();
    const auto now_told = is_named ? told : std::nullopt;
    if (now_told != told_)
        latched_.reset();
    told_ = now_told;
    signalling_ = signalling;
    known_ = known;
}

bool MediaSource::may_send(const wire::Endpoint& from) const {
    if (from.ip == signalling_)
        return true;
    return told_ ? from.ip == told_->ip
                 : std::find(known_.begin(), known_.end(), from.ip) != known_.end();
}

bool MediaSource::accept(const wire::Endpoint& from, MonoTime now) {
    if (latched_ != from) {
        const bool is_free = !latched_ || now - last_ >= limits::media_source_silent;
        const bool is_the_one_told = told_ && from == *told_;
        if (!may_send(from) || (!is_free && !is_the_one_told))
            return false;
        latched_ = from;
    }
    last_ = now;
    return true;
}

}  // namespace nk::siprec
