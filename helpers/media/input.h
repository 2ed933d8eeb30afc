#pragma once
// The file on standard input as libavformat reads one.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace nk::media {

// Up to out.size() bytes from there on; fewer only at its end.
std::size_t read_at(std::uint64_t offset, std::span<std::uint8_t> out);
std::uint64_t file_bytes();

struct CloseInput {
    void operator()(AVFormatContext* context) const;
};
using Input = std::unique_ptr<AVFormatContext, CloseInput>;

struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using Packet = std::unique_ptr<AVPacket, FreePacket>;

// An opened file, its streams known, and its sound: others are passed over.
struct Opened {
    Input input;
    AVStream* sound = nullptr;
    bool has_picture = false;
};
Result<Opened> open_input(const std::string& name);

// What libav calls that error.
std::string text_of(int error);
bool is_out_of_memory(int error);

// The next packet of the sound; false at the end, and an error when what follows cannot be read.
Result<bool> next_packet(const Opened& opened, AVPacket& packet);

}  // namespace nk::media
