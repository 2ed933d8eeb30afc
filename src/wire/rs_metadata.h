#pragma once
// Recording metadata (RFC 7865): who speaks in a recording session, and on which media line.
//
// Clients write it in many dialects: the RFC's own; drafts of it with other name spaces, attribute
// names and places of send and recv; and what a vendor made of either. parse_rs_metadata brings
// them all to the RFC's model. Names are compared without name space, case, '-' and '_': `dataMode`
// is `datamode`, `participant_id` in a participant may be `id`. Everything is a copy of its own;
// texts come without surrounding white space, entities undone.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace nk::wire {

// Absent when not said, or not an RFC 3339 time with its zone (RFC 7865 6.9), which is a fault. A
// zone without its colon (+0200) is a fault too, but read.
struct RsTimes {
    std::optional<WallTime> associated;
    std::optional<WallTime> disassociated;
    bool is_over = false;  // a time of disassociation is said, readable or not
};

// Several sessions that belong together (RFC 7865 6.2).
struct RsGroup {
    std::string id;
    RsTimes times;
};

// A call that is being recorded: the RFC's communication session (6.3).
struct RsSession {
    std::string id;
    std::vector<std::string> group_ids;
    std::vector<std::string> sip_session_ids;  // RFC 7989, as written
    std::vector<std::string> reasons;
    std::optional<WallTime> start_time;  // in a draft's dialect its associate-time
    std::optional<WallTime> stop_time;
};

// RFC 7865 6.4
struct RsSessionRecording {
    std::string session_id;
    RsTimes times;
};

struct RsName {
    std::string aor;  // as written: often no URI, sometimes empty
    std::string display_name;
};

// RFC 7865 6.5
struct RsParticipant {
    std::string id;
    std::string session_id;  // when the participant itself names it (drafts)
    std::vector<RsName> names;
};

// RFC 7865 6.6; also made of a participant that names its session itself.
struct RsParticipantSession {
    std::string participant_id;
    std::string session_id;
    RsTimes times;
};

enum class RsMode : std::uint8_t { not_said, mixed, separate };

// RFC 7865 6.7
struct RsStream {
    std::string id;
    std::string session_id;
    std::string label;  // of the media line: a=label (RFC 4574); any word or number
    RsMode mode = RsMode::not_said;
    std::string content;  // content-type (RFC 4796)
    RsTimes times;        // drafts
};

// RFC 7865 6.8; also made of a participant that holds send and recv itself.
struct RsParticipantStream {
    std::string participant_id;
    std::vector<std::string> send;  // stream ids
    std::vector<std::string> recv;
    RsTimes times;
};

// What a vendor adds, or what we do not know: one for each element that holds text, each attribute
// and each empty element. <Parameter name="Role" value="inbound"/> is called Role;
// <header label="X-Id"><value>7</value></header> is called X-Id.
struct RsExtension {
    std::string of;    // the id of the session, participant ... it stands in or names as `parent`
    std::string path;  // from there on, joined by '/': "callType/termCall/callingPartyNumber"
    std::string name;  // the last piece of it
    std::string text;
};

struct RsMetadata {
    bool is_partial = false;  // says only what changed (RFC 7865 5.1.2, 8.2); false when not said
    std::vector<RsGroup> groups;
    std::vector<RsSession> sessions;
    std::vector<RsSessionRecording> session_recordings;
    std::vector<RsParticipant> participants;
    std::vector<RsParticipantSession> participant_sessions;
    std::vector<RsStream> streams;
    std::vector<RsParticipantStream> participant_streams;
    std::vector<RsExtension> extensions;
    std::vector<std::string> faults;

    // The text of the first extension called so (names compared as above), or empty.
    [[nodiscard]] std::string_view hint(std::string_view name) const;
};

// Reads UTF-8, Latin-1 and UTF-16, with or without a byte order mark, XML declaration and junk
// around it. Bare '<' and '&' in a text are taken as such; of XML that is damaged otherwise, what
// stands in front of the damage is given. Both are faults. A document type is passed over, and no
// entity but the five of XML is ever replaced. Refuses bytes without any element, and what breaks a
// limit of base/limits.h (Code::limit); but of more than limits::rs_entries_max elements of one
// kind, limits::rs_flows_max flows and the like the last ones are left out, which is a fault.
Result<RsMetadata> parse_rs_metadata(Bytes xml);

}  // namespace nk::wire
