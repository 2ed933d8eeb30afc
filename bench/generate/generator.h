#pragma once
// Plays all calls at once, in the order of time, with memory for the running ones only.

#include <array>
#include <cstdint>
#include <queue>
#include <random>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "capture_writer.h"
#include "conversation.h"
#include "options.h"
#include "sip_text.h"
#include "truth.h"

namespace nk::generate {

class Generator {
public:
    Generator(const Options& options, CaptureWriter& out);

    // Writes every packet; gives the truth of every call.
    nlohmann::json run();

private:
    // One SIP message or one step of a call's plan.
    enum class Step : std::uint8_t {
        invite,
        trying,
        ringing,
        answer,
        acknowledge,
        hold,
        held,
        hold_acknowledge,
        resume,
        resumed,
        resume_acknowledge,
        bye,
        bye_answer,
    };
    enum class Kind : std::uint8_t { sip, send, arrive, report };
    struct Event {
        std::int64_t at_ns;
        std::uint64_t order;  // of being planned; events at the same time keep it
        std::uint64_t index;  // the party's frame, or the Step
        std::uint32_t call;
        Kind kind;
        std::uint8_t party;
        bool is_copy;
        bool operator>(const Event& other) const {
            return at_ns != other.at_ns ? at_ns > other.at_ns : order > other.order;
        }
    };

    // A stream's numbers at its first frame. The callee's second stream follows an SSRC change.
    struct Stream {
        std::uint32_t ssrc = 0;
        std::uint16_t sequence = 0;
        std::uint32_t timestamp = 0;
    };
    // Frames are counted in 20 ms from the party's beginning, whether they are sent or not.
    struct Party {
        Port media;
        std::array<Stream, 2> streams;
        double frame_ns = 0;  // true time that its clock takes for 20 ms
        std::int64_t begins_ns = 0;
        std::int64_t last_arrival_ns = 0;
        std::uint64_t packets_sent = 0;  // of the stream, for its reports
        bool is_losing = false;
        PartyTruth truth;
        explicit Party(bool with_sound) : truth(with_sound) {}
    };
    struct Call {
        SipCall sip;
        std::size_t conversation = 0;
        std::size_t turned_by = 0;  // samples into the conversation
        std::int64_t started_ns = 0;
        std::int64_t answered_ns = 0;
        std::int64_t ended_ns = 0;
        std::vector<Party> parties;
    };

    void plan(std::uint32_t number);
    void push(std::int64_t at_ns, std::uint32_t call, Kind kind, std::uint64_t index,
              std::uint8_t party = 0, bool is_copy = false);
    void play(const Event& event);
    void play_sip(const Event& event);
    static std::size_t sample_of(const Call& call, std::uint64_t frame);
    void play_send(const Event& event);
    void play_arrival(const Event& event);
    void play_report(const Event& event);
    bool is_lost(Party& party);
    [[nodiscard]] std::size_t stream_of(std::uint8_t party, std::uint64_t frame) const;
    [[nodiscard]] std::uint64_t packet_of(std::uint8_t party, std::uint64_t frame) const;
    [[nodiscard]] bool is_held(std::uint8_t party, std::uint64_t frame) const;
    [[nodiscard]] std::uint32_t timestamp_of(const Call& call, std::uint8_t party,
                                             std::uint64_t frame) const;
    [[nodiscard]] std::int64_t sent_at(const Party& party, std::uint64_t frame) const;
    [[nodiscard]] std::int64_t media_time(const Call& call, std::uint64_t frame) const;
    bool happens(double percent) { return percent > 0 && uniform_(chance_) * 100 < percent; }
    nlohmann::json finish(Call& call);

    Options options_;
    CaptureWriter& out_;
    std::mt19937_64 chance_;
    std::uniform_real_distribution<double> uniform_{0, 1};
    std::vector<Format> formats_;
    std::vector<Conversation> conversations_;
    std::vector<Call> calls_;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::uint64_t planned_ = 0;
    std::uint64_t frames_ = 0;     // of a call
    std::uint64_t hold_from_ = 0;  // frame
    std::uint64_t hold_frames_ = 0;
    std::uint64_t change_at_ = 0;  // frame at which the callee's SSRC changes; 0: never
};

}  // namespace nk::generate
