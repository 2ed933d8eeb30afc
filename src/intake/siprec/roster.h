#pragma once
// Who takes part in a recorded conversation, and who is heard on which media line: what the
// recording client's metadata (RFC 7865) has said so far.
//
// Speakers are only ever added, so that a speaker's place is a party's place in the call. One who
// leaves stays known; one who comes back is the same. Place 0 is the caller, when anything says
// who called; else they stand in the order of the metadata.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "call/facts.h"
#include "wire/rs_metadata.h"

namespace nk::siprec {

struct Speaker {
    std::string id;  // the client's, of the first message that told of them
    call::Party party;
    bool is_there = true;
};

// Somebody came or went.
struct Move {
    std::size_t speaker = 0;
    bool joined = true;
};

class Roster {
public:
    // Takes in what a message says; gives who came and who went by it.
    std::vector<Move> update(const wire::RsMetadata& metadata);
    // The same without metadata: a speaker that something else names, in the order of their lines.
    void add(call::Party party);

    [[nodiscard]] const std::vector<Speaker>& speakers() const { return speakers_; }
    // Speakers that were left out, there being limits::parties_max already.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
    // Ids by which speakers are known: never more than limits::rs_ids_max.
    [[nodiscard]] std::size_t known_ids() const { return ids_.size(); }

    // Who is heard on the line with that label, which is the `place`th of its session: one, several
    // together, or none when nothing tells.
    [[nodiscard]] std::vector<std::size_t> heard_on(std::string_view label,
                                                    std::size_t place) const;

private:
    struct Stream {
        std::string id;
        std::string label;
        bool is_mixed = false;
    };
    struct Said;
    std::size_t take_in(const wire::RsParticipant& participant, const Said& said);
    [[nodiscard]] std::size_t known(std::string_view id) const;
    [[nodiscard]] std::size_t same_person(const call::Party& party, const Said& said) const;
    [[nodiscard]] std::size_t placeholder_for(std::string_view id, const Said& said) const;
    void forget_old_ids(std::size_t coming);
    void index_senders();
    void take_streams(const wire::RsMetadata& metadata);
    void take_senders(const wire::RsMetadata& metadata);
    void put_caller_first(const wire::RsMetadata& metadata);
    [[nodiscard]] std::vector<std::size_t> all_there() const;
    // Those of them that are said to send a stream, known or not.
    [[nodiscard]] std::vector<std::size_t> all_sending() const;
    // Who is there and is said to send that stream.
    [[nodiscard]] std::vector<std::size_t> senders_of(const std::string& stream) const;

    std::vector<Speaker> speakers_;
    std::vector<Stream> streams_;                          // in the order of their first mention
    std::map<std::string, std::size_t, std::less<>> ids_;  // that speakers have and had
    std::map<std::size_t, std::set<std::string, std::less<>>> sends_;    // stream ids, by speaker
    std::unordered_map<std::string, std::vector<std::size_t>> senders_;  // the same, by stream
    std::uint64_t left_out_ = 0;
};

}  // namespace nk::siprec
