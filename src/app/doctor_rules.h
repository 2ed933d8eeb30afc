#pragma once
// What `naklank doctor` thinks of what it found: a verdict, and a sentence that says what to do.
// Pure. The needs of a call are those of two directions of G.711, 50 packets a second each.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace nk::app {

enum class Verdict : std::uint8_t { ok, warning, wrong };
std::string_view name_of(Verdict verdict);

struct Finding {
    std::string subject;
    Verdict verdict = Verdict::ok;
    std::string sentence;
};

// Packets as they come, 184 bytes each with their head in the journal; and the sound that they
// become, at the worst.
inline constexpr std::uint64_t journal_bytes_per_call_second = 20'000;
inline constexpr std::uint64_t archive_bytes_per_call_second = 20'000;
inline constexpr std::uint64_t files_per_call = 4;  // two pairs of ports
inline constexpr std::uint64_t files_besides = 512;
inline constexpr std::uint64_t memory_bytes_per_call = 100'000;
inline constexpr std::uint64_t memory_bytes_besides = 400'000'000;  // the queue for a slow disk

Finding judge_files(std::uint64_t files_max, std::size_t calls);

struct MediaPorts {
    std::uint16_t first = 0;  // of the range, both included
    std::uint16_t last = 0;
    std::vector<std::uint16_t> taken;  // sorted
    // What the kernel gives to others, and may so take out of the range.
    struct Range {
        std::uint16_t first = 0;
        std::uint16_t last = 0;
    };
    std::optional<Range> given_out;
    std::vector<Range> reserved;  // of it, what is not
};
Finding judge_media_ports(const MediaPorts& ports, std::size_t calls);

Finding judge_buffer(std::optional<std::uint64_t> granted_bytes, std::uint64_t wanted_bytes);
Finding judge_processors(std::size_t processors);
Finding judge_memory(std::optional<std::uint64_t> available_bytes, std::size_t calls);
// `is_synchronised` is absent where it cannot be known.
Finding judge_clock(std::optional<bool> is_synchronised, WallTime now);

// `calls_max` is absent where nobody says how many there may be at once.
Finding judge_space(std::uint64_t bytes_free, std::uint64_t bytes,
                    std::optional<std::size_t> calls_max);
// `syncs` are sorted, and there is one at least.
Finding judge_syncs(const std::vector<Nanos>& syncs);
Finding judge_writing(double bytes_per_second, std::size_t calls);

struct Folder {
    std::string path;
    bool is_there = true;
    bool is_folder = true;
    bool is_writable = true;
    bool is_ours = true;
    unsigned mode = 0750;
};
// `above` is the folder in which one that is not there would be made.
Finding judge_archive(const Folder& archive, const std::string& above, bool above_is_writable);
// Whoever reads the journal reads the calls and their keys.
Finding judge_journals(const std::vector<Folder>& runs);

// The window's pages. `folder` is empty when there are none beside the program and nobody named
// another.
Finding judge_site(const std::string& folder, bool has_pages);

// A folder that is to be watched. `trouble`: why it cannot be read; empty when it can.
Finding judge_watched(const std::string& folder, const std::string& trouble);

// A file with a key, a password or a token, by its permissions; absent when it is not there.
Finding judge_secret(const std::string& path, std::optional<unsigned> mode);
Finding judge_certificate(const std::string& path, WallTime from, WallTime to, WallTime now);

}  // namespace nk::app
