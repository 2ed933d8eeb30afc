#include "archive/export.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "archive/layout.h"
#include "archive/sealed.h"
#include "base/bytes.h"
#include "sound/flac.h"
#include "sound/wav.h"

namespace nk::archive {

namespace {

using recording::RecordingFacts;
using recording::TrackFacts;

constexpr std::array<std::pair<ExportFormat, std::string_view>, 4> formats{
    {{ExportFormat::flac, "flac"},
     {ExportFormat::wav, "wav"},
     {ExportFormat::s16le, "s16le"},
     {ExportFormat::json, "json"}}};
constexpr std::size_t piece_bytes = 256 * 1024;

Result<void> copy(File& in, File& out) {
    std::vector<std::uint8_t> piece(piece_bytes);
    std::uint64_t offset = 0;
    while (true) {
        NK_TAKE(const auto got, in.read_at(offset, piece));
        NK_TRY(out.write(Bytes(piece.data(), got)));
        offset += got;
        if (got < piece.size())
            return {};
    }
}

tl::unexpected<Error> damaged(std::string_view id, const std::string& problem) {
    return refuse(Code::malformed, Blame::machine,
                  std::string(id) + " is not as it was sealed, and was not exported: " + problem +
                      "; naklank verify tells all that is wrong with it");
}

// What to take out of the file: frames [from, to), of them every step-th, counted from the file's
// beginning, and all channels or one.
struct Cut {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::uint32_t step = 1;
    std::optional<std::uint32_t> channel;
    sound::FlacShape shape;  // of the output

    [[nodiscard]] std::uint64_t frames() const {
        const auto before = [this](std::uint64_t end) { return end / step + (end % step > 0); };
        return before(to) - before(from);
    }
};

Result<Cut> cut_of(const RecordingFacts& facts, const ExportOptions& options) {
    const auto& audio = *facts.audio;
    Cut cut{0, audio.frames, 1, std::nullopt, {audio.rate_hz, audio.channels}};
    const TrackFacts* track = nullptr;
    if (!options.track.empty()) {
        NK_TAKE(track, track_named(facts, options.track));
        if (track->number > audio.channels)
            return refuse(Code::not_found, Blame::owner,
                          "track " + std::to_string(track->number) + " has no channel of its own");
        cut.channel = track->number - 1;
        // A track's own samples stand at the multiples of L, where the file's rate is L times its
        // own (sound/interpolate.h).
        if (track->rate_hz > 0 && audio.rate_hz % track->rate_hz == 0)
            cut.step = audio.rate_hz / track->rate_hz;
        cut.shape = {audio.rate_hz / cut.step, 1};
    }
    if (!options.trim)
        return cut;
    cut.from = audio.frames;
    cut.to = 0;
    for (const auto& t : facts.tracks)
        if ((track == nullptr || track == &t) && t.sound_from < t.sound_to) {
            cut.from = std::min(cut.from, t.sound_from);
            cut.to = std::max(cut.to, std::min(t.sound_to, audio.frames));
        }
    if (cut.from >= cut.to)
        return refuse(Code::not_found, Blame::owner,
                      facts.id + " has no sound there: nothing is left to export");
    return cut;
}

// Where the samples go: bare, behind a WAV head, or through the FLAC encoder.
class Output {
public:
    static Result<Output> begin(File& out, ExportFormat format, const Cut& cut) {
        Output output(out);
        if (format == ExportFormat::wav)
            NK_TRY(out.write(sound::wav_head(cut.shape.rate_hz, cut.shape.channels, cut.frames())));
        if (format == ExportFormat::flac) {
            NK_TAKE(output.flac_, sound::write_flac(out, cut.shape, {}));
        }
        return output;
    }

    Result<void> write(std::span<const std::int16_t> samples) {
        if (flac_ != nullptr)
            return flac_->write(samples);
        bytes_.clear();
        for (const auto sample : samples) {
            bytes_.push_back(static_cast<std::uint8_t>(sample));
            bytes_.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(sample) >> 8));
        }
        return file_->write(bytes_);
    }

    Result<void> finish(const sound::FlacTags& tags) {
        return flac_ != nullptr ? flac_->finish(tags) : Result<void>();
    }

private:
    explicit Output(File& file) : file_(&file) {}
    File* file_;
    std::unique_ptr<sound::FlacWriter> flac_;
    std::vector<std::uint8_t> bytes_;
};

// Appends the frames of `piece`, which begins at frame `at` of the file, that the cut takes.
void take(const std::vector<std::int16_t>& piece, std::uint64_t at, std::uint32_t channels,
          const Cut& cut, std::vector<std::int16_t>& out) {
    const std::uint64_t frames = piece.size() / channels;
    for (std::uint64_t i = 0; i < frames; ++i) {
        const std::uint64_t frame = at + i;
        if (frame < cut.from || frame >= cut.to || frame % cut.step != 0)
            continue;
        const auto* first = piece.data() + i * channels;
        if (cut.channel)
            out.push_back(first[*cut.channel]);
        else
            out.insert(out.end(), first, first + channels);
    }
}

Result<void> export_sound(File& in, ExportFormat format, const Cut& cut, File& out) {
    NK_TAKE(const auto flac, sound::read_flac(in));
    const auto channels = flac->shape().channels;
    if (channels == 0 || (cut.channel && *cut.channel >= channels))
        return refuse(Code::malformed, Blame::machine,
                      "the sound file has fewer channels than its facts say; see naklank verify");
    NK_TAKE(auto output, Output::begin(out, format, cut));
    std::uint64_t at = 0;
    std::uint64_t written = 0;
    std::vector<std::int16_t> taken;
    while (at < cut.to) {
        NK_TAKE(const auto piece, flac->read());
        if (piece.empty())
            break;
        taken.clear();
        take(piece, at, channels, cut, taken);
        NK_TRY(output.write(taken));
        at += piece.size() / channels;
        written += taken.size();
    }
    if (written != cut.frames() * cut.shape.channels)
        return refuse(Code::cut_off, Blame::machine,
                      "the sound file is shorter than its facts say; see naklank verify");
    return output.finish(flac->tags());
}

}  // namespace

std::optional<ExportFormat> export_format_named(std::string_view name) {
    for (const auto& [format, text] : formats)
        if (text == name)
            return format;
    return std::nullopt;
}

std::string_view name_of(ExportFormat format) {
    for (const auto& [candidate, text] : formats)
        if (candidate == format)
            return text;
    return {};
}

Result<const TrackFacts*> track_named(const RecordingFacts& facts, std::string_view text) {
    std::string there;
    for (const auto& track : facts.tracks) {
        const std::string number = std::to_string(track.number);
        const std::string role =
            track.party < facts.call.parties.size() ? facts.call.parties[track.party].role : "";
        if (number == text || (!role.empty() && role == text))
            return &track;
        there += (there.empty() ? "" : ", ") + number + (role.empty() ? "" : " (" + role + ")");
    }
    return refuse(Code::not_found, Blame::owner,
                  facts.id + " has no track \"" + std::string(text) + "\"; it has " +
                      (there.empty() ? "none" : there));
}

bool writes_in_one_sweep(const ExportOptions& options) {
    return options.format != ExportFormat::flac || (options.track.empty() && !options.trim);
}

Result<void> export_recording(Disk& disk, const std::string& root, std::string_view id,
                              const ExportOptions& options, File& out) {
    const std::string folder = recording_folder(root, id);
    if (const auto link = link_in_place_of(disk, folder); !link.empty())
        return damaged(id, link);
    const auto vcon = inspect_vcon(disk, folder, id);
    if (!vcon.problems.empty())
        return damaged(id, vcon.problems.front());
    if (options.format == ExportFormat::json)
        return out.write(as_bytes(vcon.text));
    const RecordingFacts& facts = *vcon.facts;
    if (!facts.audio)
        return refuse(Code::not_found, Blame::owner,
                      std::string(id) + " has no sound; only --format json can be exported");
    NK_TAKE(const auto cut, cut_of(facts, options));
    const auto& audio = *facts.audio;
    const auto sealed =
        inspect_file(disk, folder, audio.file, audio.bytes, audio.sha256, audio.sha512);
    if (!sealed.problem.empty())
        return damaged(id, sealed.problem);
    const bool whole = options.track.empty() && !options.trim;
    if (whole && options.format == ExportFormat::flac)
        return copy(*sealed.file, out);
    return export_sound(*sealed.file, options.format, cut, out);
}

}  // namespace nk::archive
