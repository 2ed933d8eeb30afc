#include <algorithm>
#include <array>
#include <string_view>

#include "base/digest.h"
#include "boxes.h"
#include "decoder.h"
#include "input.h"
#include "reply.h"
#include "verbs.h"

namespace nk::media {

namespace {

constexpr std::size_t tags_max = 48;
constexpr std::size_t tag_bytes_max = 1'024;
constexpr unsigned index_bytes_max = 4'096;

bool is_lossless(AVCodecID id) {
    const auto* about = avcodec_descriptor_get(id);
    if (about == nullptr)
        return false;
    return (about->props & AV_CODEC_PROP_LOSSLESS) != 0 &&
           (about->props & AV_CODEC_PROP_LOSSY) == 0;
}

void take_tags(const AVDictionary* from, std::vector<std::pair<std::string, std::string>>& into) {
    const AVDictionaryEntry* entry = nullptr;
    while ((entry = av_dict_get(from, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr &&
           into.size() < tags_max)
        into.emplace_back(std::string(entry->key).substr(0, 64),
                          std::string(entry->value).substr(0, tag_bytes_max));
}

// RFC 3533 6: the head of the last page has the flag of the end.
bool ogg_has_end() {
    const auto size = file_bytes();
    std::vector<std::uint8_t> tail(std::min<std::uint64_t>(size, 66'000));
    tail.resize(read_at(size - tail.size(), tail));
    const std::string_view text(reinterpret_cast<const char*>(tail.data()), tail.size());
    const auto page = text.rfind("OggS");
    return page != std::string_view::npos && page + 5 < text.size() &&
           (static_cast<std::uint8_t>(text[page + 5]) & 4U) != 0;
}

// In a stream of its own AAC has a head on each packet (ISO/IEC 13818-7), in a file it has none.
Bytes bare(const AVPacket& packet, AVCodecID codec) {
    const Bytes all(packet.data, static_cast<std::size_t>(std::max(packet.size, 0)));
    if (codec != AV_CODEC_ID_AAC || all.size() < 9 || all[0] != 0xff || (all[1] & 0xf6U) != 0xf0)
        return all;
    return all.subspan((all[1] & 1U) != 0 ? 7 : 9);
}

class Essence {
public:
    void packet(Bytes bytes) {
        std::array<std::uint8_t, 4> size{};
        for (std::size_t i = 0; i < size.size(); ++i)
            size[i] = static_cast<std::uint8_t>(bytes.size() >> (8 * i));
        digest_.add(size);
        digest_.add(bytes);
    }
    void samples(std::span<const std::int16_t> all) {
        digest_.add({reinterpret_cast<const std::uint8_t*>(all.data()), all.size_bytes()});
    }
    void word(std::string_view text) {
        digest_.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }
    std::string hex() { return digest_.hex(); }

private:
    Digest digest_{DigestKind::sha256};
};

// How many samples a packet is, where the container says nothing of it.
std::uint64_t frames_of(const AVPacket& packet, const AVStream& stream) {
    const auto& sound = *stream.codecpar;
    if (packet.duration > 0)
        return static_cast<std::uint64_t>(std::max<std::int64_t>(
            av_rescale_q(packet.duration, stream.time_base, {1, sound.sample_rate}), 0));
    return static_cast<std::uint64_t>(std::max(
        av_get_audio_frame_duration2(const_cast<AVCodecParameters*>(&sound), packet.size), 0));
}

// Reads all of it: how long it is, and what it is known by.
Result<void> read_through(const Opened& opened, MediaFacts& facts) {
    const auto& stream = *opened.sound;
    Essence essence;
    std::unique_ptr<Decoder> decoder;
    if (facts.is_lossless) {
        NK_TAKE(decoder, Decoder::make(stream, false));
        essence.word("samples " + std::to_string(facts.rate_hz) + " " +
                     std::to_string(decoder->shape().channels) + "\n");
    } else {
        essence.word("packets " + facts.codec + "\n");
    }
    const auto take = [&](std::span<const std::int16_t> samples, std::int64_t) {
        essence.samples(samples);
        facts.frames += samples.size() / decoder->shape().channels;
    };
    // What is read once from end to end needs no index, and in Ogg each packet's length is known
    // by its first byte: of the thousands in a minute this is a third of the work.
    opened.input->max_index_size = index_bytes_max;
    if (facts.container == "ogg")
        opened.input->flags |= AVFMT_FLAG_NOFILLIN;
    const Packet packet(av_packet_alloc());
    for (;;) {
        const auto more = next_packet(opened, *packet);
        if (!more)
            facts.fault = "what follows cannot be read: " + more.error().what;
        if (!more || !*more)
            break;
        ++facts.packets;
        if (decoder) {
            decoder->feed(packet.get(), take);
        } else {
            essence.packet(bare(*packet, stream.codecpar->codec_id));
            facts.frames += frames_of(*packet, stream);
        }
    }
    if (decoder)
        decoder->feed(nullptr, take);
    if (facts.packets == 0)
        return refuse(Code::malformed, Blame::owner,
                      facts.fault.empty() ? "there is not one packet of sound in it" : facts.fault);
    // What the container promised and does not have: a file that was cut off.
    const auto promised = stream.duration > 0 ? av_rescale_q(stream.duration, stream.time_base,
                                                             {1, stream.codecpar->sample_rate})
                                              : 0;
    const auto there = static_cast<std::int64_t>(facts.frames);
    const auto second = static_cast<std::int64_t>(facts.rate_hz);
    if (facts.fault.empty() && promised > there + std::max(second, promised / 50))
        facts.fault = "it says that it is longer than what is there";
    facts.essence = essence.hex();
    return {};
}

}  // namespace

Result<void> look(const media_protocol::Request& request) {
    NK_TAKE(auto opened, open_input(request.name));
    const auto& stream = *opened.sound;
    MediaFacts facts;
    facts.container = opened.input->iformat->name;
    facts.container.resize(std::min(facts.container.find(','), facts.container.size()));
    facts.codec = avcodec_get_name(stream.codecpar->codec_id);
    facts.rate_hz = static_cast<std::uint32_t>(stream.codecpar->sample_rate);
    facts.channels = static_cast<std::uint32_t>(stream.codecpar->ch_layout.nb_channels);
    facts.is_lossless = is_lossless(stream.codecpar->codec_id);
    facts.has_picture = opened.has_picture;
    if (facts.container == "ogg")
        facts.has_end = ogg_has_end();
    if (facts.container == "mov")
        facts.transcript = transcript_in(read_at, file_bytes());
    take_tags(opened.input->metadata, facts.tags);
    take_tags(stream.metadata, facts.tags);
    NK_TRY(read_through(opened, facts));
    say(media_protocol::Piece::facts, media_protocol::write_facts(facts));
    return {};
}

}  // namespace nk::media
