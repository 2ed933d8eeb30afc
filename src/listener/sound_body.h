#pragma once
// The sound of a recording as the body of a reply, read piece by piece while it is sent.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/http.h"
#include "base/result.h"

namespace nk::listener {

// Told of the bytes that were read, counted from the body's first.
using Sent = std::function<void(std::uint64_t from, std::uint64_t to)>;

// Bytes of a file, as they are.
class FileBody : public HttpBody {
public:
    FileBody(std::unique_ptr<File> file, std::uint64_t offset, std::uint64_t length, Sent sent)
        : file_(std::move(file)), at_(offset), end_(offset + length), size_(length), sent_(sent) {}
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }
    Result<std::size_t> read(std::span<char> into) override;

private:
    std::unique_ptr<File> file_;
    std::uint64_t at_;
    std::uint64_t end_;
    std::uint64_t size_;
    Sent sent_;
};

// A part of a FLAC file as WAV (16-bit PCM): some of its channels, from one frame to another. Of
// these bytes any stretch can be asked for.
struct SoundPart {
    std::uint64_t from = 0;  // frames
    std::uint64_t to = 0;
    std::vector<std::uint32_t> channels;  // by their place in the file; at least one
};
// So many bytes the whole WAV has.
std::uint64_t wav_bytes(const SoundPart& part);
// Requires: offset + length <= wav_bytes(part), and part lies in the file.
Result<std::unique_ptr<HttpBody>> wav_body(std::unique_ptr<File> flac, const SoundPart& part,
                                           std::uint64_t offset, std::uint64_t length, Sent sent);

}  // namespace nk::listener
