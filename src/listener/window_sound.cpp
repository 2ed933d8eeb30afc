// Hearing: the sound itself, and how it looks.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "archive/layout.h"
#include "archive/original.h"
#include "archive/reading.h"
#include "base/http_range.h"
#include "base/limits.h"
#include "listener/copies.h"
#include "listener/form.h"
#include "listener/opus_body.h"
#include "listener/peaks.h"
#include "listener/problem.h"
#include "listener/sound_body.h"
#include "listener/window.h"
#include "sound/flac.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using recording::RecordingFacts;

constexpr std::int64_t longest_ms = 31LL * 24 * 3'600 * 1'000;

std::uint64_t frame_at(std::int64_t ms, const recording::AudioFacts& audio) {
    return std::min(static_cast<std::uint64_t>(ms) * audio.rate_hz / 1'000, audio.frames);
}

// What they asked for as a part of the file, when it is not the whole.
Result<SoundPart> part_of(const RecordingFacts& facts, std::optional<std::uint32_t> track,
                          std::optional<std::int64_t> from_ms, std::optional<std::int64_t> to_ms) {
    const auto& audio = *facts.audio;
    SoundPart part{from_ms ? frame_at(*from_ms, audio) : 0,
                   to_ms ? frame_at(*to_ms, audio) : audio.frames,
                   {}};
    if (part.from >= part.to)
        return refuse(Code::malformed, Blame::peer,
                      "from_ms is not before to_ms, or behind the end");
    if (track) {
        const bool is_there = std::any_of(facts.tracks.begin(), facts.tracks.end(),
                                          [&](const auto& one) { return one.number == *track; });
        if (!is_there || *track > audio.channels)
            return refuse(Code::not_found, Blame::peer, "it has no such track");
        part.channels.push_back(*track - 1);
    } else {
        for (std::uint32_t i = 0; i < audio.channels; ++i)
            part.channels.push_back(i);
    }
    return part;
}

}  // namespace

std::string Window::type_of(const SoundWanted& wanted) {
    if (!wanted.type.empty())
        return wanted.type;
    return wanted.as_opus ? "audio/ogg" : wanted.as_wav ? "audio/wav" : "audio/flac";
}

std::string Window::ending_of(const SoundWanted& wanted) {
    if (!wanted.ending.empty())
        return wanted.ending;
    return wanted.as_opus ? ".opus" : wanted.as_wav ? ".wav" : ".flac";
}

void Window::get_audio(const Asked& ask) {
    Query query(ask->request.query());
    SoundWanted wanted;
    wanted.is_download = query.truth("download");
    const auto format = query.text("format", 10);
    if (!format.empty() && format != "flac" && format != "wav" && format != "opus" &&
        format != "original")
        query.complain("format", "is to be flac, wav, opus or original");
    if (const auto track = query.whole("party", 1, 8))
        wanted.track = static_cast<std::uint32_t>(*track);
    wanted.from_ms = query.whole("from_ms", 0, longest_ms);
    wanted.to_ms = query.whole("to_ms", 0, longest_ms);
    const bool is_part = wanted.track || wanted.from_ms || wanted.to_ms;
    if ((format == "flac" || format == "original") && is_part)
        query.complain("format", "is to be wav or opus for a part of it");
    wanted.as_flac = format == "flac";
    wanted.as_original = format == "original";
    wanted.as_opus = format == "opus";
    wanted.as_wav = format == "wav" || (is_part && !wanted.as_opus);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    const auto row =
        call_for(ask, wanted.is_download ? purpose::Action::download : purpose::Action::hear);
    if (row)
        send_sound(ask, row->id, wanted, ask->account->id);
}

void Window::send_sound(const Asked& ask, const std::string& id, const SoundWanted& wanted,
                        const std::string& who) {
    const auto facts = archive::read_facts(house().disk, options().archive, id);
    if (!facts)
        return ask->answer(refused(facts.error()));
    if (!facts->audio)
        return ask->answer(problem(404, "no-sound", "There is no sound in this recording."));
    if (archive::is_original(*facts))
        return send_original(ask, *facts, wanted, who);
    send_from(ask, *facts,
              archive::recording_folder(options().archive, id) + "/" + facts->audio->file, wanted,
              who);
}

// As it was brought, where that can be played and nothing else was asked for; else from a copy.
void Window::send_original(const Asked& ask, const RecordingFacts& facts, SoundWanted wanted,
                           const std::string& who) {
    const bool is_part = wanted.track || wanted.from_ms || wanted.to_ms;
    const bool is_plain = !wanted.as_wav && !wanted.as_opus && !wanted.as_flac && !is_part;
    const bool is_the_file = wanted.as_original || wanted.is_download;
    auto copy = is_the_file ? std::nullopt : copy_for_browsers(facts);
    if (!is_plain || wanted.is_for_stranger)
        copy = CopyKind::flac;
    if (copy)
        return with_made(ask, facts, copy, [this, ask, facts, copy, wanted, who] {
            send_copy(ask, facts, *copy, wanted, who);
        });
    const auto& file = facts.audio->file;
    wanted.type = archive::media_type_of(facts.brought->container, facts.tracks.front().codec);
    wanted.ending = file.substr(std::min(file.rfind('.'), file.size()));
    send_from(ask, facts, archive::recording_folder(options().archive, facts.id) + "/" + file,
              wanted, who);
}

void Window::send_copy(const Asked& ask, RecordingFacts facts, CopyKind kind, SoundWanted wanted,
                       const std::string& who) {
    const auto path = copy_path(options().state, facts.id, kind);
    const auto file = house().disk.open_plain(path);
    const auto size = file ? (*file)->size() : tl::unexpected(file.error());
    if (!size)
        return ask->answer(refused(size.error()));
    facts.audio->bytes = *size;
    if (kind == CopyKind::ogg) {
        wanted.type = archive::media_type_of("ogg", facts.tracks.front().codec);
        facts.audio->sha256[0] = 'w';  // another body than the original's
        return send_from(ask, facts, path, wanted, who);
    }
    const auto flac = sound::read_flac(**file);
    if (!flac)
        return ask->answer(refused(flac.error()));
    facts.audio->format = "flac";
    facts.audio->rate_hz = (*flac)->shape().rate_hz;
    facts.audio->channels = (*flac)->shape().channels;
    facts.audio->frames = (*flac)->frames();
    facts.audio->sha256[0] = 'x';
    send_from(ask, facts, path, wanted, who);
}

// Its peaks, and a copy when one is wanted; where they cannot be made the ask is answered.
void Window::with_made(const Asked& ask, const RecordingFacts& facts, std::optional<CopyKind> copy,
                       std::function<void()> then) {
    auto wish = copy_wish(options().archive, options().state, facts, copy);
    if (house().disk.exists(copy ? wish.copy : wish.peaks))
        return then();
    const bool is_taken =
        house().bringer != nullptr &&
        house().bringer->post([this, ask, wish, then, &disk = house().disk](Media& media) {
            auto made = make_copy(disk, media, wish);
            return std::function<void()>([this, ask, made = std::move(made), then] {
                if (made)
                    return then();
                if (made.error().blame == Blame::machine)
                    return ask->answer(refused(made.error()));
                ask->answer(problem(422, "unreadable",
                                    "The sound of this file cannot be read: " + made.error().what +
                                        ". The file itself can be downloaded."));
            });
        });
    if (!is_taken)
        ask->answer(problem(503, "busy", "Too much waits to be read; try again in a moment."));
}

void Window::send_from(const Asked& ask, const RecordingFacts& facts, const std::string& path,
                       const SoundWanted& wanted, const std::string& who) {
    const auto& id = facts.id;
    const auto& audio = *facts.audio;
    const auto part = part_of(facts, wanted.track, wanted.from_ms, wanted.to_ms);
    if (!part)
        return ask->answer(problem(400, "query", part.error().what));
    if (wanted.as_opus && part->channels.size() > 2)
        return ask->answer(problem(422, "two-voices",
                                   "A copy in Opus has two voices at most: ask for one by `party`, "
                                   "or for FLAC or WAV."));
    const std::uint64_t size = wanted.as_wav ? wav_bytes(*part) : audio.bytes;
    std::string etag = "\"" + audio.sha256.substr(0, 32);
    if (wanted.as_wav)
        etag += "-" + std::to_string(part->from) + "-" + std::to_string(part->to) + "-" +
                std::to_string(wanted.track.value_or(0));
    etag += "\"";
    const auto range =
        wanted.as_opus ? HttpRange{200, 0, size} : read_range(ask->request, size, etag);
    HttpReply reply{.status = range.status, .content_type = type_of(wanted)};
    if (range.status == 416)
        reply = problem(416, "range", "There is no such part of it.");
    if (range.status != 200)
        reply.headers.push_back({"Content-Range", content_range(range, size)});
    reply.headers.push_back({"Accept-Ranges", wanted.as_opus ? "none" : "bytes"});
    if (!wanted.as_opus)
        reply.headers.push_back({"ETag", etag});
    reply.headers.push_back({"Cache-Control", "private, no-store"});
    if (range.status == 416)
        return ask->answer(std::move(reply));

    custody::Event event{.what = wanted.is_download ? "downloaded" : "hearing",
                         .who = who,
                         .from = came_from(*ask),
                         .recording = id,
                         .from_ms = wanted.from_ms,
                         .to_ms = wanted.to_ms};
    if (ask->request.method != "HEAD") {
        const auto now = house().clock.now();
        if (!hearings_.begin(event, now, [this](const auto& one) { return write_down(one); }))
            return ask->answer(problem(503, "not-written-down",
                                       "This could not be written down just now, and nothing is "
                                       "heard that is not."));
    }
    if (wanted.is_download)
        reply.headers.push_back(
            {"Content-Disposition", "attachment; filename=\"" + id + ending_of(wanted) + "\""});
    // What left, in milliseconds of the recording: of FLAC by its share of the file.
    const auto began_ms = static_cast<std::int64_t>(part->from * 1'000 / audio.rate_hz);
    const auto length_ms =
        static_cast<std::int64_t>((part->to - part->from) * 1'000 / audio.rate_hz);
    const auto at_ms = [began_ms, length_ms, size](std::uint64_t byte) {
        return began_ms +
               static_cast<std::int64_t>(static_cast<double>(length_ms) *
                                         static_cast<double>(byte) / static_cast<double>(size));
    };
    Sent sent;
    if (!wanted.is_download)
        sent = [this, who, id, at_ms](std::uint64_t from, std::uint64_t to) {
            hearings_.sent(who, id, at_ms(from), at_ms(to), house().clock.now());
        };
    auto file = house().disk.open_plain(path);
    if (!file)
        return ask->answer(refused(file.error()));
    if (wanted.as_opus) {
        // It tells of frames, not of bytes.
        Sent heard;
        if (sent)
            heard = [this, who, id, rate = audio.rate_hz](std::uint64_t from, std::uint64_t to) {
                const auto ms = [rate](std::uint64_t frame) {
                    return static_cast<std::int64_t>(frame * 1'000 / rate);
                };
                hearings_.sent(who, id, ms(from), ms(to), house().clock.now());
            };
        auto body = opus_body(std::move(*file), *part, std::move(heard));
        if (!body)
            return ask->answer(refused(body.error()));
        reply.stream = std::move(*body);
    } else if (wanted.as_wav) {
        auto body = wav_body(std::move(*file), *part, range.offset, range.length, std::move(sent));
        if (!body)
            return ask->answer(refused(body.error()));
        reply.stream = std::move(*body);
    } else {
        reply.stream = std::make_unique<FileBody>(std::move(*file), range.offset, range.length,
                                                  std::move(sent));
    }
    ask->answer(std::move(reply));
}

void Window::get_peaks(const Asked& ask) {
    Query query(ask->request.query());
    const auto from_ms = query.whole("from_ms", 0, longest_ms);
    const auto to_ms = query.whole("to_ms", 0, longest_ms);
    const auto points = query.whole("points", 1, 8'000).value_or(2'000);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    if (const auto row = call_for(ask, purpose::Action::hear))
        send_peaks(ask, row->id, from_ms, to_ms, static_cast<std::size_t>(points));
}

void Window::send_peaks(const Asked& ask, const std::string& id,
                        std::optional<std::int64_t> from_ms, std::optional<std::int64_t> to_ms,
                        std::size_t points) {
    const auto facts = archive::read_facts(house().disk, options().archive, id);
    if (!facts)
        return ask->answer(refused(facts.error()));
    if (!facts->audio)
        return ask->answer(problem(404, "no-sound", "There is no sound in this recording."));
    const auto whole_ms =
        static_cast<std::int64_t>(facts->audio->frames * 1'000 / facts->audio->rate_hz);
    const auto from = from_ms.value_or(0);
    const auto to = std::min(to_ms.value_or(whole_ms), whole_ms);
    if (from >= to)
        return ask->answer(
            problem(400, "query", "from_ms is not before to_ms, or behind the end."));
    const auto flac = archive::recording_folder(options().archive, id) + "/" + facts->audio->file;
    const auto kept = peaks_path(options().state, id);
    const auto folder = options().state + "/peaks";
    if (archive::is_original(*facts) && !house().disk.exists(kept))
        return with_made(ask, *facts, std::nullopt,
                         [=, this] { send_peaks(ask, id, from_ms, to_ms, points); });
    std::vector<std::uint32_t> tracks;
    for (const auto& track : facts->tracks)
        tracks.push_back(track.number);
    work(ask, [this, ask, flac, folder, kept, tracks, from, to, points] {
        (void)house().disk.make_folders(folder);
        auto peaks = peaks_of(house().disk, flac, kept);
        return std::function<void()>([this, ask, peaks, tracks, from, to, points] {
            if (!peaks)
                return ask->answer(refused(peaks.error()));
            const auto line = line_of(*peaks, from, to, points);
            Json json;
            json["from_ms"] = from;
            json["to_ms"] = to;
            json["point_ms"] = line.point_ms;
            json["tracks"] = Json::array();
            for (const auto track : tracks)
                if (track - 1 < line.channels.size())
                    json["tracks"].push_back(
                        {{"track", track}, {"peaks", line.channels[track - 1]}});
            ask->answer({.content_type = "application/json", .body = json.dump()});
        });
    });
}

}  // namespace nk::listener
