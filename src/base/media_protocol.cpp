#include "base/media_protocol.h"

#include <algorithm>

#include "base/limits.h"
#include "base/pack.h"

namespace nk::media_protocol {

namespace {

constexpr std::size_t name_bytes_max = 96;
constexpr std::size_t tags_max = 64;

tl::unexpected<Error> garbled() {
    return refuse(Code::malformed, Blame::machine, "naklank-media gave an answer of no known form");
}

}  // namespace

std::vector<std::uint8_t> write_request(const Request& request) {
    std::vector<std::uint8_t> out;
    Packer packer(out);
    packer.number(static_cast<std::uint8_t>(request.verb));
    packer.number(request.from_ms);
    packer.number(request.to_ms);
    packer.number(request.cpu_s);
    packer.number(request.number);
    const auto& name = request.name;
    packer.text(name.substr(name.size() - std::min(name.size(), name_bytes_max)));
    out.resize(request_bytes);
    return out;
}

std::optional<Request> read_request(Bytes bytes) {
    Unpacker in(bytes);
    Request request;
    const auto verb = in.number<std::uint8_t>();
    request.from_ms = in.number<std::int64_t>();
    request.to_ms = in.number<std::int64_t>();
    request.cpu_s = in.number<std::uint32_t>();
    request.number = in.number<std::uint32_t>();
    request.name = in.text();
    if (!in.is_good() || verb < static_cast<std::uint8_t>(Verb::look) ||
        verb > static_cast<std::uint8_t>(Verb::unpack))
        return std::nullopt;
    request.verb = static_cast<Verb>(verb);
    return request;
}

std::vector<std::uint8_t> write_facts(const MediaFacts& facts) {
    std::vector<std::uint8_t> out;
    Packer packer(out);
    packer.text(facts.container);
    packer.text(facts.codec);
    packer.number(facts.rate_hz);
    packer.number(facts.channels);
    packer.number(facts.frames);
    packer.number(facts.packets);
    packer.flag(facts.is_lossless);
    packer.flag(facts.has_end);
    packer.flag(facts.has_picture);
    packer.text(facts.essence);
    const auto tags = std::min(facts.tags.size(), tags_max);
    packer.number(static_cast<std::uint32_t>(tags));
    for (std::size_t i = 0; i < tags; ++i) {
        packer.text(facts.tags[i].first);
        packer.text(facts.tags[i].second);
    }
    packer.text(facts.transcript);
    packer.text(facts.fault);
    return out;
}

Result<MediaFacts> read_facts(Bytes body) {
    Unpacker in(body);
    MediaFacts facts;
    facts.container = in.text();
    facts.codec = in.text();
    facts.rate_hz = in.number<std::uint32_t>();
    facts.channels = in.number<std::uint32_t>();
    facts.frames = in.number<std::uint64_t>();
    facts.packets = in.number<std::uint64_t>();
    facts.is_lossless = in.flag();
    facts.has_end = in.flag();
    facts.has_picture = in.flag();
    facts.essence = in.text();
    for (auto left = in.count(8, tags_max); left > 0; --left) {
        auto key = in.text();
        facts.tags.emplace_back(std::move(key), in.text());
    }
    facts.transcript = in.text();
    facts.fault = in.text();
    const bool is_hash = facts.essence.size() == 64 &&
                         facts.essence.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!in.is_good() || !in.is_empty() || !is_hash || facts.channels < 1 || facts.channels > 64 ||
        facts.rate_hz < 1 || facts.rate_hz > 10'000'000)
        return garbled();
    return facts;
}

std::vector<std::uint8_t> write_shape(const MediaShape& shape) {
    std::vector<std::uint8_t> out;
    Packer packer(out);
    packer.number(shape.rate_hz);
    packer.number(shape.channels);
    return out;
}

Result<MediaShape> read_shape(Bytes body) {
    Unpacker in(body);
    MediaShape shape;
    shape.rate_hz = in.number<std::uint32_t>();
    shape.channels = in.number<std::uint32_t>();
    if (!in.is_good() || shape.rate_hz < limits::sample_rate_hz_min ||
        shape.rate_hz > limits::sample_rate_hz_max || shape.channels < 1 || shape.channels > 8)
        return garbled();
    return shape;
}

std::vector<std::uint8_t> write_file(const PackedFile& file) {
    std::vector<std::uint8_t> out;
    Packer packer(out);
    packer.text(file.path);
    packer.flag(file.modified.has_value());
    packer.number(file.modified.value_or(WallTime{}).ns);
    packer.number(file.bytes);
    return out;
}

Result<PackedFile> read_file(Bytes body) {
    Unpacker in(body);
    PackedFile file;
    file.path = in.text();
    const bool has_time = in.flag();
    const WallTime time{in.number<std::int64_t>()};
    if (has_time)
        file.modified = time;
    file.bytes = in.number<std::uint64_t>();
    if (!in.is_good())
        return garbled();
    return file;
}

std::vector<std::uint8_t> write_failure(const Error& error) {
    std::vector<std::uint8_t> out;
    Packer packer(out);
    packer.number(static_cast<std::uint8_t>(error.code));
    packer.text(error.what);
    return out;
}

Error read_failure(Bytes body) {
    Unpacker in(body);
    const auto code = in.number<std::uint8_t>();
    auto what = in.text();
    if (!in.is_good() || code > static_cast<std::uint8_t>(Code::broken))
        return garbled().value();
    return {static_cast<Code>(code), Blame::owner, std::move(what)};
}

std::array<std::uint8_t, ending_bytes> write_ending(const Ending& ending) {
    std::array<std::uint8_t, ending_bytes> bytes{};
    put_le(bytes.data(), ending.number);
    bytes[4] = ending.by_signal ? 1 : 0;
    bytes[5] = ending.code;
    return bytes;
}

Ending read_ending(std::span<const std::uint8_t, ending_bytes> bytes) {
    return {get_le<std::uint32_t>(bytes.data()), bytes[4] != 0, bytes[5]};
}

}  // namespace nk::media_protocol
