// When a recording session keeps nothing: while somebody at this machine asked for it, and of each
// line while the client says so.

#include <algorithm>

#include "intake/siprec/session.h"

namespace nk::siprec {

void Session::pause(MonoTime now) {
    read_ports();
    if (paused_.begin(now))
        tell_pause("recording-paused", {}, "request", now);
}

void Session::resume(MonoTime now) {
    read_ports();
    if (paused_.end(now))
        tell_pause("recording-resumed", {}, "request", now);
}

void Session::tell_pause(std::string_view what, const MediaLine* line, std::string_view by,
                         MonoTime now) {
    std::optional<std::size_t> party;
    if (line != nullptr && line->track != nullptr)
        party = line->track->party;
    call_->tell(now, std::string(what), party, std::string(by));
    common_.ear.tells(*call_, now);
}

// Each line is paused for itself (RFC 7866 9.1), and a line that is refused says nothing. One that
// does not say that it is recorded again stays paused: many an offer only refreshes the session.
void Session::follow_pauses(const wire::Sdp& offer, MonoTime now) {
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        auto& line = lines_[i];
        const auto& media = offer.media[i];
        if (line.port == 0)
            continue;
        if (media.direction == wire::Direction::inactive)
            line.inactive.begin(now);
        else
            line.inactive.end(now);
        if (media.record == wire::RecordState::paused) {
            if (line.paused.begin(now))
                tell_pause("recording-paused", &line, "client", now);
        } else if (media.record == wire::RecordState::on) {
            if (line.paused.end(now))
                tell_pause("recording-resumed", &line, "client", now);
        }
    }
}

void Session::end_forgotten_pauses(MonoTime now) {
    const auto is_forgotten = [now](const MediaLine& line) {
        return line.paused.is_forgotten(now);
    };
    if (!paused_.is_forgotten(now) && std::none_of(lines_.begin(), lines_.end(), is_forgotten))
        return;
    read_ports();
    if (paused_.is_forgotten(now) && paused_.end(now))
        tell_pause("recording-resumed", {}, "limit", now);
    for (auto& line : lines_)
        if (is_forgotten(line) && line.paused.end(now))
            tell_pause("recording-resumed", &line, "limit", now);
}

bool Session::is_withheld(const MediaLine& line, MonoTime arrival) const {
    return paused_.was_on(arrival) || line.paused.was_on(arrival) || line.inactive.was_on(arrival);
}

// A key that signalling tells of belongs to no line: it is kept when nothing is withheld.
void Session::press(const call::SignalledKey& pressed, MonoTime now) {
    const bool is_kept = std::none_of(
        lines_.begin(), lines_.end(),
        [this, now](const MediaLine& line) { return line.port != 0 && is_withheld(line, now); });
    if (is_kept)
        call_->press(now, 0, pressed.key, pressed.duration_ms);
    else
        call_->note("key-presses-withheld", now);
}

}  // namespace nk::siprec
