#pragma once
// The order of one SSRC's packets: extended numbers, duplicates, latecomers and restarts (RFC 3550
// A.1, made stricter: a recorder must know for every single packet what became of it).
//
// A packet whose number fits nowhere is a suspect. Two in a row that follow each other are a sender
// that began anew, and the caller starts a new Sequence with them; a lone one is a stray.

#include <array>
#include <cstdint>

#include "base/time.h"

namespace nk::recording {

class Sequence {
public:
    enum class Verdict : std::uint8_t {
        next,       // newer than all before it
        late,       // older than one before it, and not seen before
        duplicate,  // the same number and time stamp as one before it
        suspect,    // fits nowhere; perhaps the first of a restart
        restart,    // follows the suspect: the sender began anew with that one
    };
    struct Seen {
        Verdict verdict = Verdict::next;
        std::int64_t number = 0;     // extended sequence number
        std::int64_t timestamp = 0;  // extended RTP time stamp
    };

    Seen see(std::uint16_t number, std::uint32_t timestamp, MonoTime arrival,
             std::uint32_t clock_hz);

private:
    [[nodiscard]] bool is_plausible_jump(std::int64_t numbers, std::int64_t ticks, Nanos wall,
                                         std::uint32_t clock_hz) const;
    Seen accept(Verdict verdict, std::int64_t number, std::int64_t timestamp);
    Seen suspect(std::uint16_t number, std::uint32_t timestamp);

    static constexpr std::size_t window = 512;
    struct Mark {                  // small: there is a window of them for every stream in progress
        std::uint32_t number = 0;  // the extended number's low 32 bits
        std::uint32_t timestamp = 0;
    };
    std::array<Mark, window> marks_{};
    bool begun_ = false;
    std::int64_t highest_ = 0;
    std::int64_t highest_timestamp_ = 0;
    MonoTime highest_arrival_{};
    bool has_suspect_ = false;
    std::uint16_t suspect_number_ = 0;
    std::uint32_t suspect_timestamp_ = 0;
};

}  // namespace nk::recording
