#pragma once
// Keeps so many recording sessions in progress: begins them at a rate, talks in each for its time,
// hangs up, begins the next. One thread, in steps of a millisecond: each step sends the packets of
// a twentieth of the calls, and SIP is read between the steps.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "media_sender.h"
#include "options.h"
#include "sip_link.h"
#include "sip_text.h"
#include "wire/sip.h"

namespace nk::load {

class Load {
public:
    // `link` and `media` outlive it.
    Load(const Options& options, SipLink& link, MediaSender& media, std::uint64_t run);

    // Until every call is over; what came of it.
    nlohmann::json run();

private:
    enum class State : std::uint8_t { calling, talking, leaving };
    struct Call {
        Dialog dialog;
        State state = State::calling;
        std::array<Line, 2> lines;
        std::uint32_t frame = 0;
        std::size_t slot = 0;
        std::string request;        // what waits for its answer
        std::int64_t asked_ns = 0;  // when it was sent first
        std::int64_t repeat_ns = 0;
        std::int64_t interval_ns = 0;
    };

    void begin_calls(std::int64_t now);
    void begin_call(std::int64_t now);
    void talk(std::size_t slot, std::int64_t now);
    void hang_up(Call& call, std::int64_t now);
    void ask(Call& call, std::string request, std::int64_t now);
    void repeat(std::int64_t now);
    void take(Bytes bytes);
    void on_answer(Call& call, const wire::SipMessage& answer, std::int64_t now);
    void on_ready(Call& call, const wire::SipMessage& answer, std::int64_t now);
    void forget(std::uint32_t number);
    [[nodiscard]] bool is_over(std::int64_t now) const;
    [[nodiscard]] nlohmann::json told() const;

    static constexpr std::size_t slots = 20;  // one a millisecond: a frame

    Options options_;
    SipLink& link_;
    MediaSender& media_;
    SipText text_;
    std::uint32_t frames_;  // of each call
    std::unordered_map<std::uint32_t, std::unique_ptr<Call>> calls_;
    std::array<std::vector<Call*>, slots> talking_;
    std::vector<std::uint32_t> asking_;
    std::uint32_t last_number_ = 0;
    std::size_t in_progress_ = 0;
    std::int64_t began_ns_ = 0;
    std::int64_t ended_ns_ = 0;
    std::int64_t next_call_ns_ = 0;
    std::int64_t no_more_after_ns_ = 0;

    std::uint64_t answered_ = 0;
    std::uint64_t failed_ = 0;
    std::uint64_t ended_by_recorder_ = 0;
    std::uint64_t byes_unanswered_ = 0;
    std::uint64_t repeats_ = 0;
    std::size_t most_in_progress_ = 0;
    std::int64_t late_max_ns_ = 0;
    std::int64_t late_sum_ns_ = 0;
    std::uint64_t steps_ = 0;
    std::vector<double> setup_ms_;
    std::vector<double> bye_ms_;
};

}  // namespace nk::load
