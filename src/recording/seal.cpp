// The end of a call: the rest is written, segments become one file, the file is hashed, the facts
// are gathered, and the archive makes it all appear at once.

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "recording/call_recorder.h"
#include "sound/interpolate.h"

namespace nk::recording {

namespace {

constexpr const char* audio_name = "audio.flac";
constexpr std::size_t read_bytes = 256 * 1024;

struct FileHashes {
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string sha512;
};

Result<FileHashes> hash(Desk& desk, const std::string& name) {
    NK_TAKE(const auto file, desk.open(name));
    FileHashes result;
    Digest sha256(DigestKind::sha256);
    Digest sha512(DigestKind::sha512);
    std::vector<std::uint8_t> buffer(read_bytes);
    for (;;) {
        NK_TAKE(const auto got, file->read_at(result.bytes, buffer));
        if (got == 0)
            break;
        const Bytes piece(buffer.data(), got);
        sha256.add(piece);
        sha512.add(piece);
        result.bytes += got;
    }
    result.sha256 = sha256.hex();
    result.sha512 = sha512.hex();
    return result;
}

std::string key_name(std::uint8_t event) {
    static constexpr std::string_view keys = "0123456789*#ABCD";  // RFC 4733 table 3
    if (event < keys.size())
        return std::string(1, keys[event]);
    return event == 16 ? "flash" : std::to_string(event);
}

std::string party_text(const call::Party& party) {
    if (party.name.empty())
        return party.number.empty() ? party.uri : party.number;
    return party.number.empty() ? party.name : party.name + " (" + party.number + ")";
}

// The tags a player shows. Everything else is in call.vcon.json.
sound::FlacTags tags_of(const call::Story& call, purpose::Purpose purpose) {
    return {{"TITLE", party_text(call.parties[0]) + " - " + party_text(call.parties[1])},
            {"ARTIST", party_text(call.parties[0])},
            {"CHANNEL_LEFT", "caller"},
            {"CHANNEL_RIGHT", "callee"},
            {"PURPOSE", std::string(purpose::name_of(purpose))},
            {"SIP_CALL_ID", call.sip_call_id}};
}

// One channel of a segment, brought up to the joined file's rate.
void raise(const std::vector<std::int16_t>& in, std::uint32_t channels_in, std::uint32_t factor,
           std::vector<sound::Interpolator>& up, bool flush, std::uint32_t channels_out,
           std::vector<std::int16_t>& out) {
    std::vector<std::vector<std::int16_t>> lanes(channels_in);
    for (std::uint32_t c = 0; c < channels_in; ++c) {
        std::vector<std::int16_t> lane;
        lane.reserve(in.size() / channels_in);
        for (std::size_t i = c; i < in.size(); i += channels_in)
            lane.push_back(in[i]);
        if (factor == 1) {
            lanes[c] = std::move(lane);
            continue;
        }
        up[c].push(lane, lanes[c]);
        if (flush)
            up[c].flush(lanes[c]);
    }
    out.assign(lanes[0].size() * channels_out, 0);
    for (std::uint32_t c = 0; c < channels_in; ++c)
        for (std::size_t i = 0; i < lanes[c].size(); ++i)
            out[i * channels_out + c] = lanes[c][i];
}

Result<void> copy_segment(File& file, sound::FlacWriter& into, const sound::FlacShape& shape) {
    NK_TAKE(const auto reader, sound::read_flac(file));
    const auto from = reader->shape();
    const std::uint32_t factor = std::max<std::uint32_t>(1, shape.rate_hz / from.rate_hz);
    std::vector<sound::Interpolator> up(from.channels, sound::Interpolator(factor));
    std::vector<std::int16_t> out;
    for (;;) {
        NK_TAKE(const auto block, reader->read());
        raise(block, from.channels, factor, up, block.empty(), shape.channels, out);
        if (!out.empty())
            NK_TRY(into.write(out));
        if (block.empty())
            return {};
    }
}

}  // namespace

Result<void> CallRecorder::join(const sound::FlacShape& shape, const sound::FlacTags& tags) {
    NK_TAKE(auto file, desk_->create(audio_name));
    NK_TAKE(auto writer, sound::write_flac(*file, shape, options_.flac));
    for (auto& segment : segments_) {
        NK_TAKE(const auto again, desk_->open(segment.name));
        NK_TRY(copy_segment(*again, *writer, shape));
    }
    NK_TRY(writer->finish(tags));
    for (const auto& segment : segments_)
        NK_TRY(desk_->remove(segment.name));
    return {};
}

Result<AudioFacts> CallRecorder::make_audio(const sound::FlacTags& tags) {
    AudioFacts audio;
    auto shape = segments_.front().shape;
    for (const auto& segment : segments_) {
        const auto common = std::lcm<std::uint64_t>(shape.rate_hz, segment.shape.rate_hz);
        shape.rate_hz = common <= 192'000 ? static_cast<std::uint32_t>(common)
                                          : std::max(shape.rate_hz, segment.shape.rate_hz);
        shape.channels = std::max(shape.channels, segment.shape.channels);
    }
    if (segments_.size() == 1) {
        NK_TRY(close_segment(tags));
        NK_TRY(desk_->rename(segments_.front().name, audio_name));
    } else {
        NK_TRY(close_segment({}));
        NK_TRY(join(shape, tags));
    }
    for (const auto& segment : segments_)
        audio.frames += segment.frames * (shape.rate_hz / segment.shape.rate_hz);
    segments_.clear();
    NK_TAKE(const auto hashes, hash(*desk_, audio_name));
    audio.file = audio_name;
    audio.rate_hz = shape.rate_hz;
    audio.channels = shape.channels;
    audio.bytes = hashes.bytes;
    audio.sha256 = hashes.sha256;
    audio.sha512 = hashes.sha512;
    return audio;
}

void CallRecorder::gather(RecordingFacts& facts, call::Story& story) {
    const MonoTime first = line_.zero + to_nanos(from_);
    drops_.place(MonoTime{std::numeric_limits<std::int64_t>::max()}, line_);
    for (std::size_t i = 0; i < tracks_.size(); ++i)
        if (const auto& track = tracks_[i]) {
            for (const auto& [name, seen] : track->oddities())
                story.note(name, seen.second, seen.first);
            for (const auto& key : track->keys())
                // Its last packets may come when the pause that it was pressed in is over.
                if (drops_.was_withheld(i, key.at))
                    story.note("key-presses-withheld", line_.zero + to_nanos(key.at));
                else
                    story.press(line_.zero + to_nanos(key.at), track->party(), key_name(key.event),
                                key.duration_ms);
            if (track->read_ledger().counts.duplicate > 0)
                story.note("duplicate-packets", first, track->read_ledger().counts.duplicate);
        }
    if (story.answered && is_one_sided())
        story.note("one-sided", first);
    tell_drops(facts, story);
    facts.call = story.facts(first);
    facts.started = zero_wall_ + to_nanos(from_);
    facts.duration = to_nanos(done_ - from_);
}

// Of the caller and the called party, one was heard, and the other nowhere.
bool CallRecorder::is_one_sided() const {
    std::array<bool, 2> heard{};
    for (const auto& track : tracks_) {
        if (!track || !track->read_ledger().begun())
            continue;
        if (track->is_mixed() || track->party() >= heard.size())
            return false;
        heard[track->party()] = true;
    }
    return heard[0] != heard[1];
}

// What came with the call is kept beside its sound, as it came.
Result<void> CallRecorder::write_documents(RecordingFacts& facts, const call::Story& story) {
    for (const auto& document : story.documents) {
        const bool is_xml = document.media_type.find("xml") != std::string::npos ||
                            document.media_type.find("rs-metadata") != std::string::npos;
        const std::string name =
            "document-" + std::to_string(facts.side_files.size() + 1) + (is_xml ? ".xml" : ".txt");
        NK_TAKE(auto file, desk_->create(name));
        NK_TRY(file->write(as_bytes(document.text)));
        file.reset();
        NK_TAKE(const auto hashes, hash(*desk_, name));
        facts.side_files.push_back(
            {name, document.media_type, hashes.bytes, hashes.sha256, hashes.sha512});
    }
    return {};
}

// Those from the call's beginning to its end.
void CallRecorder::tell_drops(RecordingFacts& facts, call::Story& story) {
    const MonoTime begin = std::min(line_.zero, story.began);
    const MonoTime end = std::max(line_.zero + to_nanos(done_), story.last_sign);
    drops_.place(MonoTime{std::numeric_limits<std::int64_t>::max()}, line_);
    Drops::Numbers numbers(tracks_.size());
    for (std::size_t i = 0; i < tracks_.size(); ++i)
        if (tracks_[i])
            numbers[i] = static_cast<std::uint32_t>(tracks_[i]->channel() + 1);
    drops_.write(facts, begin, end, from_, facts.audio ? facts.audio->rate_hz : 8'000, numbers);
    if (const auto nobodys = drops_.of_nobody(begin, end, numbers))
        story.note("capture-dropped-packets", nobodys->from, nobodys->packets);
}

Result<void> CallRecorder::end_sound() {
    NK_TRY(trouble_);
    for (const auto& track : tracks_)
        if (track)
            track->finish();
    const Ticks last = end();
    const Ticks rest = last % grid;
    if (std::any_of(tracks_.begin(), tracks_.end(),
                    [](const auto& t) { return t && t->read_ledger().begun(); }))
        NK_TRY(write(rest == 0 ? last : last + grid - rest));
    return {};
}

Bytes CallRecorder::unsummed() const {
    return segments_.size() == 1 ? segments_.front().writer->unsummed() : Bytes();
}

void CallRecorder::summed(const Md5& sum) {
    segments_.front().writer->summed(sum);
}

Result<Finished> CallRecorder::finish(call::Story& story, WallTime sealed_at) {
    const InStage stage(options_.meter, Stage::write);
    RecordingFacts facts;
    facts.purpose = options_.purpose;
    facts.basis = options_.basis;
    facts.door = options_.door;
    facts.sealed_at = sealed_at;
    if (!segments_.empty()) {
        NK_TAKE(facts.audio, make_audio(tags_of(story, options_.purpose)));
    } else if (story.media_packets == 0) {
        story.note("no-media", story.began);
    }
    gather(facts, story);
    NK_TRY(write_documents(facts, story));
    const std::uint32_t rate = facts.audio ? facts.audio->rate_hz : 8'000;
    for (const auto& track : tracks_) {
        if (!track)
            continue;
        NK_TAKE(auto written, track->facts(from_, done_, rate));
        if (!written.payload_file.empty()) {
            NK_TAKE(const auto hashes, hash(*desk_, written.payload_file));
            facts.side_files.push_back({written.payload_file, "application/vnd.rtpdump",
                                        hashes.bytes, hashes.sha256, hashes.sha512});
        }
        facts.tracks.push_back(std::move(written));
    }
    std::sort(facts.tracks.begin(), facts.tracks.end(),
              [](const TrackFacts& a, const TrackFacts& b) { return a.number < b.number; });
    tracks_.clear();
    NK_TRY(desk_->describe(facts));
    return Finished{std::move(desk_), std::move(facts)};
}

}  // namespace nk::recording
