#pragma once
// How naklank talks with naklank-media. A request goes over their socket together with two
// descriptors: the file to read, and a socket to answer on. An answer is pieces: a kind, four bytes
// of length, a body; the last one is `done` or `failed`. When the process that answered is gone, a
// word of how it ended comes over the first socket. More than one may be asked for at a time. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/media.h"
#include "base/result.h"

namespace nk::media_protocol {

enum class Verb : std::uint8_t { look = 1, decode, wrap_anew, unpack };

struct Request {
    Verb verb = Verb::look;
    std::string name;  // of the file, its end at the most
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
    std::uint32_t cpu_s = 0;   // it may use so much
    std::uint32_t number = 0;  // what the word of its end will be known by
};
inline constexpr std::size_t request_bytes = 160;
std::vector<std::uint8_t> write_request(const Request& request);
// Requires: request_bytes of them. Nullopt: none that is known.
std::optional<Request> read_request(Bytes bytes);

enum class Piece : std::uint8_t { facts = 1, shape, samples, file, bytes, done, failed };
inline constexpr std::size_t piece_head_bytes = 5;
inline constexpr std::size_t piece_bytes_max = 16 * 1024 * 1024;

std::vector<std::uint8_t> write_facts(const MediaFacts& facts);
Result<MediaFacts> read_facts(Bytes body);
std::vector<std::uint8_t> write_shape(const MediaShape& shape);
Result<MediaShape> read_shape(Bytes body);
std::vector<std::uint8_t> write_file(const PackedFile& file);
Result<PackedFile> read_file(Bytes body);
std::vector<std::uint8_t> write_failure(const Error& error);
Error read_failure(Bytes body);

// How the process that answered ended.
struct Ending {
    std::uint32_t number = 0;  // of the request
    bool by_signal = false;
    std::uint8_t code = 0;  // of the signal, or what it returned
};
inline constexpr std::size_t ending_bytes = 6;
std::array<std::uint8_t, ending_bytes> write_ending(const Ending& ending);
Ending read_ending(std::span<const std::uint8_t, ending_bytes> bytes);
inline constexpr std::uint8_t out_of_memory = 3;  // what it returns then

}  // namespace nk::media_protocol
