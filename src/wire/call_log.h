#pragma once
// A phone's list of calls, as SMS Backup & Restore writes it (calls.xml), and as tools write it
// that take it from an iPhone's backup: <calls><call number="" duration="s" date="ms" type="1"
// .../>.
//
// Texts are copies in UTF-8. What is missing of an entry is empty; an entry without a date is left
// out and counted among the faults.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace nk::wire {

inline constexpr std::size_t call_log_bytes_max = 128UL * 1024 * 1024;
inline constexpr std::size_t call_log_calls_max = 250'000;
inline constexpr std::size_t call_log_text_bytes_max = 512;  // of each number and name

struct LoggedCall {
    // Android's CallLog.Calls.TYPE, in its order from 1.
    enum class Type : std::uint8_t {
        other,
        in,
        out,
        missed,
        voicemail,
        rejected,
        blocked,
        answered_elsewhere
    };
    std::string number;  // as written; empty when it was withheld
    std::string name;    // of the phone's contacts then
    WallTime started;    // when it rang or was dialled
    Nanos length{0};     // spoken; 0 when nobody answered
    Type type = Type::other;
    std::string subscription;  // which SIM, as the phone calls it
    bool operator==(const LoggedCall&) const = default;
};

struct CallLog {
    std::vector<LoggedCall> calls;  // in the file's order
    std::size_t left_out = 0;       // entries without a readable date
    std::vector<std::string> faults;
};

// Refuses what is too large (Code::limit) and what is no such list (Code::unsupported, or
// Code::malformed when it is no XML). Of a file that is cut off or damaged the calls in front of
// the damage are given, with a fault; of more than call_log_calls_max the first ones.
Result<CallLog> parse_call_log(Bytes xml);

}  // namespace nk::wire
