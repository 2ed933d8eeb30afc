#include "load.h"

#include <algorithm>
#include <utility>

#include <sys/resource.h>

#include "base/bytes.h"
#include "clock.h"
#include "host/socket_address.h"
#include "wire/sdp.h"
#include "wire/sip_compose.h"

namespace nk::load {

namespace {

constexpr std::int64_t step_ns = millisecond_ns;
constexpr std::int64_t t1_ns = 500 * millisecond_ns;  // RFC 3261 17.1.1.1
constexpr std::int64_t t2_ns = 4 * second_ns;
constexpr std::int64_t give_up_ns = 64 * t1_ns;
constexpr std::int64_t repeats_every_steps = 20;
constexpr std::int64_t reports_every_steps = 100;

double percentile(std::vector<double>& values, double part) {
    if (values.empty())
        return 0;
    const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at),
                     values.end());
    return values[at];
}

nlohmann::json spread(std::vector<double> values) {
    return {{"p50", percentile(values, 0.5)},
            {"p99", percentile(values, 0.99)},
            {"max", percentile(values, 1)}};
}

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds_of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

}  // namespace

Load::Load(const Options& options, SipLink& link, MediaSender& media, std::uint64_t run)
    : options_(options),
      link_(link),
      media_(media),
      text_(link, media.here(), run),
      frames_(static_cast<std::uint32_t>(options.seconds * 50)) {}

nlohmann::json Load::run() {
    began_ns_ = next_call_ns_ = now_ns();
    no_more_after_ns_ = began_ns_ + static_cast<std::int64_t>(options_.minutes * 60e9);
    const std::function<void(Bytes)> take = [this](Bytes bytes) { this->take(bytes); };
    for (std::int64_t step = 0;; ++step) {
        const std::int64_t due = began_ns_ + step * step_ns;
        link_.receive_until(due, take);
        const std::int64_t now = now_ns();
        late_max_ns_ = std::max(late_max_ns_, now - due);
        late_sum_ns_ += now - due;
        ++steps_;
        talk(static_cast<std::size_t>(step) % slots, now);
        begin_calls(now);
        if (step % repeats_every_steps == 0)
            repeat(now);
        if (step % reports_every_steps == 0)
            media_.read_reports();
        if (is_over(now))
            break;
    }
    ended_ns_ = now_ns();
    return told();
}

bool Load::is_over(std::int64_t now) const {
    return link_.is_broken() || (now >= no_more_after_ns_ && calls_.empty());
}

void Load::begin_calls(std::int64_t now) {
    const auto apart = static_cast<std::int64_t>(1e9 / options_.rate);
    while (now < no_more_after_ns_ && now >= next_call_ns_ && in_progress_ < options_.calls) {
        begin_call(now);
        next_call_ns_ += apart;
    }
    // What there was no room for is not made up for.
    next_call_ns_ = std::max(next_call_ns_, now - step_ns - apart);
}

void Load::begin_call(std::int64_t now) {
    auto made = std::make_unique<Call>();
    Call& call = *made;
    call.dialog.number = ++last_number_;
    calls_.emplace(call.dialog.number, std::move(made));
    most_in_progress_ = std::max(most_in_progress_, ++in_progress_);
    ask(call, text_.invite(call.dialog), now);
}

void Load::talk(std::size_t slot, std::int64_t now) {
    auto& calls = talking_[slot];
    for (Call* call : calls) {
        for (const auto& line : call->lines)
            media_.put(line, call->frame);
        ++call->frame;
    }
    media_.flush();
    const auto over = std::partition(calls.begin(), calls.end(),
                                     [this](const Call* call) { return call->frame < frames_; });
    for (auto it = over; it != calls.end(); ++it)
        hang_up(**it, now);
    calls.erase(over, calls.end());
}

void Load::hang_up(Call& call, std::int64_t now) {
    call.state = State::leaving;
    --in_progress_;
    ask(call, text_.bye(call.dialog), now);
}

void Load::ask(Call& call, std::string request, std::int64_t now) {
    call.request = std::move(request);
    call.asked_ns = now;
    call.interval_ns = t1_ns;
    call.repeat_ns = now + t1_ns;
    asking_.push_back(call.dialog.number);
    link_.send(call.request);
}

// RFC 3261 17.1: over UDP again and again until there is an answer; given up after 64 T1.
void Load::repeat(std::int64_t now) {
    std::erase_if(asking_, [&](std::uint32_t number) {
        const auto it = calls_.find(number);
        if (it == calls_.end() || it->second->request.empty())
            return true;
        Call& call = *it->second;
        if (now - call.asked_ns >= give_up_ns) {
            ++(call.state == State::calling ? failed_ : byes_unanswered_);
            forget(number);
            return true;
        }
        if (!link_.is_tcp() && now >= call.repeat_ns) {
            link_.send(call.request);
            ++repeats_;
            call.interval_ns = std::min(2 * call.interval_ns, t2_ns);
            call.repeat_ns = now + call.interval_ns;
        }
        return false;
    });
}

void Load::take(Bytes bytes) {
    const auto message = wire::parse_sip(bytes);
    if (!message)
        return;
    const std::int64_t now = now_ns();
    const auto it = calls_.find(number_in(message->call_id()));
    if (message->is_request) {
        if (message->method != "ACK")
            link_.send(wire::compose_response(*message, link_.recorder(), {.status = 200}));
        if (message->method == "BYE" && it != calls_.end()) {
            ++ended_by_recorder_;
            forget(it->first);
        }
        return;
    }
    if (it != calls_.end() && message->status >= 200)
        on_answer(*it->second, *message, now);
}

void Load::on_answer(Call& call, const wire::SipMessage& answer, std::int64_t now) {
    if (answer.method == "BYE" && call.state == State::leaving) {
        bye_ms_.push_back(static_cast<double>(now - call.asked_ns) / 1e6);
        return forget(call.dialog.number);
    }
    if (answer.method != "INVITE")
        return;
    if (call.state == State::calling && answer.status < 300)
        on_ready(call, answer, now);
    if (answer.status < 300)  // also when it comes again
        return link_.send(text_.ack(call.dialog));
    link_.send(text_.ack(call.dialog));
    ++failed_;
    forget(call.dialog.number);
}

void Load::on_ready(Call& call, const wire::SipMessage& answer, std::int64_t now) {
    call.dialog.remote_tag = std::string(answer.to_tag());
    if (const auto contact = wire::parse_name_addr(answer.header("Contact")))
        call.dialog.target = contact->uri;
    const auto description = wire::parse_sdp(answer.body);
    if (!description || description->media.size() != call.lines.size()) {
        ++failed_;
        return hang_up(call, now);
    }
    for (std::size_t side = 0; side < call.lines.size(); ++side) {
        const auto& media = description->media[side];
        const auto to = host::to_socket_address(
            {media.address.value_or(link_.recorder().ip), media.port}, media_.family());
        call.lines[side] = {call.dialog.number, static_cast<std::uint8_t>(side), to.storage,
                            to.size};
    }
    ++answered_;
    setup_ms_.push_back(static_cast<double>(now - call.asked_ns) / 1e6);
    call.state = State::talking;
    call.request.clear();
    // Where the fewest are, so that every millisecond has as much to send.
    const auto slot =
        std::min_element(talking_.begin(), talking_.end(),
                         [](const auto& a, const auto& b) { return a.size() < b.size(); });
    call.slot = static_cast<std::size_t>(slot - talking_.begin());
    slot->push_back(&call);
}

void Load::forget(std::uint32_t number) {
    const auto it = calls_.find(number);
    Call* call = it->second.get();
    if (call->state != State::leaving)
        --in_progress_;
    if (call->state == State::talking)
        std::erase(talking_[call->slot], call);
    calls_.erase(it);
}

nlohmann::json Load::told() const {
    const auto& sent = media_.counts();
    const double lasted_s = static_cast<double>(ended_ns_ - began_ns_) / 1e9;
    return {{"calls", last_number_},
            {"answered", answered_},
            {"failed", failed_},
            {"ended_by_recorder", ended_by_recorder_},
            {"byes_unanswered", byes_unanswered_},
            {"is_broken", link_.is_broken()},
            {"repeats", repeats_},
            {"at_once_max", most_in_progress_},
            {"packets_a_line", frames_},
            {"sent", sent.sent},
            {"unsent", sent.unsent},
            {"reports", sent.reports},
            {"lasted_s", lasted_s},
            {"late_ms_max", static_cast<double>(late_max_ns_) / 1e6},
            {"late_ms_mean", static_cast<double>(late_sum_ns_) / 1e6 / static_cast<double>(steps_)},
            {"setup_ms", spread(setup_ms_)},
            {"bye_ms", spread(bye_ms_)},
            {"cpu_s", cpu_seconds()}};
}

}  // namespace nk::load
