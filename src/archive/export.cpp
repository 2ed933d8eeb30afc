#include "archive/export.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "archive/layout.h"
#include "archive/original.h"
#include "archive/sealed.h"
#include "base/bytes.h"
#include "sound/flac.h"
#include "sound/wav.h"

namespace nk::archive {

namespace {

using recording::RecordingFacts;
using recording::TrackFacts;

constexpr std::array<std::pair<ExportFormat, std::string_view>, 5> formats{
    {{ExportFormat::flac, "flac"},
     {ExportFormat::wav, "wav"},
     {ExportFormat::s16le, "s16le"},
     {ExportFormat::json, "json"},
     {ExportFormat::original, "original"}}};
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
// beginning, and all channels or these, each a sum.
struct Cut {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::uint32_t step = 1;
    std::vector<std::vector<std::uint32_t>> mix;
    sound::FlacShape shape;  // of the output

    [[nodiscard]] std::uint64_t frames() const {
        const auto before = [this](std::uint64_t end) { return end / step + (end % step > 0); };
        return before(to) - before(from);
    }
    [[nodiscard]] bool fits(std::uint32_t channels) const {
        return channels > 0 && std::all_of(mix.begin(), mix.end(), [&](const auto& sum) {
                   return std::all_of(sum.begin(), sum.end(),
                                      [&](std::uint32_t one) { return one < channels; });
               });
    }
};

Result<void> take_one_track(const RecordingFacts& facts, const TrackFacts& track, Cut& cut) {
    const auto& audio = *facts.audio;
    if (track.number > audio.channels)
        return refuse(Code::not_found, Blame::owner,
                      "track " + std::to_string(track.number) + " has no channel of its own");
    cut.mix = {{track.number - 1}};
    // A track's own samples stand at the multiples of L, where the file's rate is L times its
    // own (sound/interpolate.h).
    if (track.rate_hz > 0 && audio.rate_hz % track.rate_hz == 0)
        cut.step = audio.rate_hz / track.rate_hz;
    cut.shape = {audio.rate_hz / cut.step, 1};
    return {};
}

Result<Cut> cut_of(const RecordingFacts& facts, const ExportOptions& options) {
    const auto& audio = *facts.audio;
    Cut cut{0, audio.frames, 1, options.mix, {audio.rate_hz, audio.channels}};
    if (!options.mix.empty())
        cut.shape.channels = static_cast<std::uint32_t>(options.mix.size());
    const TrackFacts* track = nullptr;
    if (!options.track.empty()) {
        NK_TAKE(track, track_named(facts, options.track));
        NK_TRY(take_one_track(facts, *track, cut));
    }
    if (!options.trim)
        return cut;
    if (facts.brought)
        return refuse(Code::unsupported, Blame::owner,
                      facts.id +
                          " was brought as a file: no packets tell where its sound begins and "
                          "ends; leave --trim out");
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
    static Result<Output> begin(File& out, ExportFormat format, const sound::FlacShape& shape,
                                std::uint64_t frames) {
        Output output(out);
        if (format == ExportFormat::wav)
            NK_TRY(out.write(sound::wav_head(shape.rate_hz, shape.channels, frames)));
        if (format == ExportFormat::flac) {
            NK_TAKE(output.flac_, sound::write_flac(out, shape, {}));
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

std::int16_t sum_of(const std::int16_t* frame, const std::vector<std::uint32_t>& channels) {
    std::int32_t sum = 0;
    for (const auto channel : channels)
        sum += frame[channel];
    return static_cast<std::int16_t>(std::clamp(sum, -32'768, 32'767));
}

// Appends the frames of `piece`, which begins at frame `at` of the file, that the cut takes.
void take(std::span<const std::int16_t> piece, std::uint64_t at, std::uint32_t channels,
          const Cut& cut, std::vector<std::int16_t>& out) {
    const std::uint64_t frames = piece.size() / channels;
    for (std::uint64_t i = 0; i < frames; ++i) {
        const std::uint64_t frame = at + i;
        if (frame < cut.from || frame >= cut.to || frame % cut.step != 0)
            continue;
        const auto* first = piece.data() + i * channels;
        if (cut.mix.empty())
            out.insert(out.end(), first, first + channels);
        for (const auto& sum : cut.mix)
            out.push_back(sum_of(first, sum));
    }
}

tl::unexpected<Error> too_few_channels() {
    return refuse(Code::malformed, Blame::machine,
                  "the sound file has fewer channels than its facts say; see naklank verify");
}

Result<void> export_sound(File& in, ExportFormat format, const Cut& cut, File& out) {
    NK_TAKE(const auto flac, sound::read_flac(in));
    const auto channels = flac->shape().channels;
    if (!cut.fits(channels))
        return too_few_channels();
    NK_TAKE(auto output, Output::begin(out, format, cut.shape, cut.frames()));
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

// ---- What was brought: somebody else's file, which naklank-media decodes.

Result<std::uint64_t> count_frames(Media& media, const std::string& path, const std::string& name) {
    std::uint64_t samples = 0;
    std::uint32_t channels = 1;
    NK_TRY(media.decode(
        path, name, 0, 0,
        [&](const MediaShape& shape) -> Result<void> {
            channels = std::max(shape.channels, 1U);
            return {};
        },
        [&](std::span<const std::int16_t> piece) -> Result<void> {
            samples += piece.size();
            return {};
        }));
    return samples / channels;
}

// How long a file says that it is and what comes out of it may differ a little: the WAV's head is
// written again at the end, and before a pipe it is counted.
Result<void> export_decoded(Media& media, const std::string& path, const std::string& name,
                            const ExportOptions& options, Cut cut, File& out) {
    cut.step = 1;
    std::uint64_t promised = cut.frames();
    cut.to = UINT64_MAX;
    if (options.into_pipe && options.format == ExportFormat::wav) {
        NK_TAKE(promised, count_frames(media, path, name));
    }
    std::optional<Output> output;
    MediaShape is;
    std::uint64_t at = 0;
    std::vector<std::int16_t> taken;
    const auto begin = [&](const MediaShape& shape) -> Result<void> {
        is = shape;
        if (!cut.fits(is.channels))
            return too_few_channels();
        const auto channels =
            cut.mix.empty() ? is.channels : static_cast<std::uint32_t>(cut.mix.size());
        cut.shape = {is.rate_hz, channels};
        NK_TAKE(output, Output::begin(out, options.format, cut.shape, promised));
        return {};
    };
    const auto take_piece = [&](std::span<const std::int16_t> piece) -> Result<void> {
        taken.clear();
        take(piece, at, is.channels, cut, taken);
        at += piece.size() / is.channels;
        return output->write(taken);
    };
    NK_TRY(media.decode(path, name, 0, 0, begin, take_piece));
    if (!output)
        return refuse(Code::malformed, Blame::owner, "there is no sound in it");
    if (options.format == ExportFormat::wav && at != promised) {
        const auto head = sound::wav_head(cut.shape.rate_hz, cut.shape.channels, at);
        if (options.into_pipe ||
            head.size() != sound::wav_head(cut.shape.rate_hz, cut.shape.channels, promised).size())
            return refuse(Code::limit, Blame::owner,
                          "it is too long for a WAV file that is written in one go; use "
                          "--format flac");
        NK_TRY(out.write_at(0, head));
    }
    return output->finish({});
}

bool is_whole(const ExportOptions& options) {
    return options.track.empty() && !options.trim && options.mix.empty();
}

bool is_copied(const RecordingFacts& facts, const ExportOptions& options) {
    const bool is_flac = !facts.brought || (facts.audio && facts.audio->format == "flac");
    return options.format == ExportFormat::json || options.format == ExportFormat::original ||
           (options.format == ExportFormat::flac && is_flac && is_whole(options));
}

Result<void> export_brought(Disk& disk, const FindMedia& media, const std::string& folder,
                            const RecordingFacts& facts, const ExportOptions& options, File& out) {
    const auto original = original_of(facts);
    if (!original)
        return refuse(Code::not_found, Blame::owner,
                      facts.id + " has no sound; only --format json can be exported");
    const bool copies = is_copied(facts, options);
    if (!copies && !facts.audio)
        return refuse(Code::unsupported, Blame::owner,
                      facts.id +
                          ": nobody can read its sound; --format original gives the file as "
                          "it came");
    Cut cut;
    if (!copies) {
        NK_TAKE(cut, cut_of(facts, options));
    }
    const auto sealed = inspect_file(disk, folder, original->file, original->bytes,
                                     original->sha256, original->sha512);
    if (!sealed.problem.empty())
        return damaged(facts.id, sealed.problem);
    if (copies)
        return copy(*sealed.file, out);
    NK_TAKE(Media* const reader, media());
    auto done = export_decoded(*reader, folder + "/" + original->file, facts.brought->name, options,
                               std::move(cut), out);
    if (done || done.error().blame != Blame::owner)
        return done;
    return refuse(
        done.error().code, Blame::owner,
        facts.id + ": " + done.error().what + "; --format original gives the file as it came");
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

std::string usual_ending(const RecordingFacts& facts, ExportFormat format) {
    if (format != ExportFormat::original)
        return std::string(name_of(format));
    const auto original = original_of(facts);
    const auto file = original ? original->file : std::string("audio.flac");
    return file.substr(file.rfind('.') + 1);
}

bool writes_in_one_sweep(const RecordingFacts& facts, const ExportOptions& options) {
    return options.format != ExportFormat::flac || is_copied(facts, options);
}

Result<void> export_recording(Disk& disk, const FindMedia& media, const std::string& root,
                              std::string_view id, const ExportOptions& options, File& out) {
    const std::string folder = recording_folder(root, id);
    if (const auto link = link_in_place_of(disk, folder); !link.empty())
        return damaged(id, link);
    const auto vcon = inspect_vcon(disk, folder, id);
    if (!vcon.problems.empty())
        return damaged(id, vcon.problems.front());
    if (options.format == ExportFormat::original && !is_whole(options))
        return refuse(Code::unsupported, Blame::owner,
                      "a track or a part of a recording is another file than the original: use "
                      "--format wav or flac");
    if (options.format == ExportFormat::json)
        return out.write(as_bytes(vcon.text));
    const RecordingFacts& facts = *vcon.facts;
    if (facts.brought)
        return export_brought(disk, media, folder, facts, options, out);
    if (!facts.audio)
        return refuse(Code::not_found, Blame::owner,
                      std::string(id) + " has no sound; only --format json can be exported");
    NK_TAKE(const auto cut, cut_of(facts, options));
    const auto& audio = *facts.audio;
    const auto sealed =
        inspect_file(disk, folder, audio.file, audio.bytes, audio.sha256, audio.sha512);
    if (!sealed.problem.empty())
        return damaged(id, sealed.problem);
    if (is_copied(facts, options))
        return copy(*sealed.file, out);
    return export_sound(*sealed.file, options.format, cut, out);
}

}  // namespace nk::archive
