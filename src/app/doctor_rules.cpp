#include "app/doctor_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/text.h"
#include "base/rfc3339.h"

namespace nk::app {

namespace {

constexpr WallTime year_2026{1'767'225'600LL * 1'000'000'000};
constexpr WallTime year_2100{4'102'444'800LL * 1'000'000'000};
constexpr std::uint64_t full_within_hours = 24;
constexpr Nanos sync_slow = milliseconds(100);
constexpr Nanos sync_too_slow = seconds(1);
constexpr Nanos certificate_ends_soon = hours(24 * 30);

std::string calls_text(std::size_t calls) {
    return calls == 1 ? "1 call" : fmt::format("{} calls", calls);
}

bool is_within(const std::vector<MediaPorts::Range>& ranges, std::uint16_t port) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const auto& r) { return port >= r.first && port <= r.last; });
}

std::string day_text(WallTime time) {
    return rfc3339(time).substr(0, 10);
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::warning:
            return "warning";
        case Verdict::wrong:
            return "wrong";
        case Verdict::ok:
            break;
    }
    return "ok";
}

Finding judge_files(std::uint64_t files_max, std::size_t calls) {
    const std::uint64_t needed = calls * files_per_call + files_besides;
    if (files_max >= needed)
        return {"open files", Verdict::ok,
                fmt::format("up to {} may be open, and {} are enough for {}", files_max, needed,
                            calls_text(calls))};
    const auto holds = files_max > files_besides ? (files_max - files_besides) / files_per_call : 0;
    return {"open files", holds == 0 ? Verdict::wrong : Verdict::warning,
            fmt::format("only {} may be open, which is enough for about {}; {} need {}: raise "
                        "LimitNOFILE= of the service, or the hard limit of ulimit -n",
                        files_max, calls_text(holds), calls_text(calls), needed)};
}

Finding judge_media_ports(const MediaPorts& ports, std::size_t calls) {
    std::size_t pairs = 0;
    std::size_t free = 0;
    std::size_t safe = 0;
    const auto is_taken = [&](unsigned port) {
        return std::binary_search(ports.taken.begin(), ports.taken.end(),
                                  static_cast<std::uint16_t>(port));
    };
    const auto is_given_out = [&](unsigned port) {
        const auto p = static_cast<std::uint16_t>(port);
        return ports.given_out && is_within({*ports.given_out}, p) && !is_within(ports.reserved, p);
    };
    for (unsigned port = ports.first + ports.first % 2; port + 1 <= ports.last; port += 2) {
        ++pairs;
        if (is_taken(port) || is_taken(port + 1))
            continue;
        ++free;
        safe += is_given_out(port) || is_given_out(port + 1) ? 0 : 1;
    }
    const std::size_t needed = calls * 2;
    const auto range = fmt::format("{}-{}", ports.first, ports.last);
    if (free == 0)
        return {"media ports", Verdict::wrong,
                fmt::format("none of the {} pairs of {} is free: is another recorder running? "
                            "Else name other --ports",
                            pairs, range)};
    if (free < needed)
        return {"media ports", Verdict::warning,
                fmt::format("{} of the {} pairs of {} are free, and {} of two lines each need {}: "
                            "widen --ports, or lower --calls-max",
                            free, pairs, range, calls_text(calls), needed)};
    if (safe < needed)
        return {"media ports", Verdict::warning,
                fmt::format("{} of the {} pairs of {} are free, but the kernel may give all but {} "
                            "of them to other programs: sysctl -w "
                            "net.ipv4.ip_local_reserved_ports={} keeps them for us",
                            free, pairs, range, safe, range)};
    return {"media ports", Verdict::ok,
            fmt::format("{} of the {} pairs of {} are free, and {} of two lines each need {}", free,
                        pairs, range, calls_text(calls), needed)};
}

Finding judge_buffer(std::optional<std::uint64_t> granted_bytes, std::uint64_t wanted_bytes) {
    if (!granted_bytes)
        return {"socket buffers", Verdict::wrong,
                "no UDP socket can be made: is the service kept from the network?"};
    if (*granted_bytes >= wanted_bytes)
        return {"socket buffers", Verdict::ok,
                fmt::format("sockets get the {} they ask for", size_text(wanted_bytes))};
    return {"socket buffers", Verdict::warning,
            fmt::format("sockets get {} and ask for {}, so that a burst may be dropped: sysctl -w "
                        "net.core.rmem_max={}",
                        size_text(*granted_bytes), size_text(wanted_bytes), wanted_bytes)};
}

Finding judge_processors(std::size_t processors) {
    if (processors > 1)
        return {"processors", Verdict::ok,
                fmt::format("{}; receiving, writing and sealing take one each at the most",
                            processors)};
    return {"processors", Verdict::warning,
            "there is one: while a call is sealed those that run have less of it; give the machine "
            "two"};
}

Finding judge_memory(std::optional<std::uint64_t> available_bytes, std::size_t calls) {
    if (!available_bytes)
        return {"memory", Verdict::warning, "how much is free cannot be known here"};
    const std::uint64_t needed = memory_bytes_besides + calls * memory_bytes_per_call;
    if (*available_bytes >= needed)
        return {"memory", Verdict::ok,
                fmt::format("{} are free, and {} are enough for {} while the disk stands still",
                            size_text(*available_bytes), size_text(needed), calls_text(calls))};
    return {"memory", Verdict::warning,
            fmt::format("{} are free, and {} may need {} while the disk stands still: add memory, "
                        "or lower --calls-max",
                        size_text(*available_bytes), calls_text(calls), size_text(needed))};
}

Finding judge_clock(std::optional<bool> is_synchronised, WallTime now) {
    if (now < year_2026 || now > year_2100)
        return {"clock", Verdict::wrong,
                fmt::format("it shows {}: set it, for recordings are named by it", rfc3339(now))};
    if (!is_synchronised)
        return {"clock", Verdict::warning,
                "whether it is synchronised cannot be known here; look at timedatectl"};
    if (!*is_synchronised)
        return {"clock", Verdict::warning,
                fmt::format("it shows {} and is not synchronised: run chrony or "
                            "systemd-timesyncd, so that recordings of several machines fit "
                            "together",
                            rfc3339(now, 0))};
    return {"clock", Verdict::ok, fmt::format("it shows {} and is synchronised", rfc3339(now, 0))};
}

Finding judge_space(std::uint64_t bytes_free, std::uint64_t bytes,
                    std::optional<std::size_t> calls_max) {
    const double call_hours = static_cast<double>(bytes_free) / 3'600.0 /
                              static_cast<double>(archive_bytes_per_call_second);
    const double hours_left = call_hours / static_cast<double>(calls_max.value_or(1));
    const auto free =
        fmt::format("{} of {} are free, enough for {} call hours", size_text(bytes_free),
                    size_text(bytes), static_cast<std::uint64_t>(call_hours));
    if (bytes_free < 256'000'000)
        return {"disk space", Verdict::wrong, free + ": make room before calls are recorded"};
    if (calls_max && hours_left < static_cast<double>(full_within_hours))
        return {"disk space", Verdict::warning,
                fmt::format("{}; with {} at once, as many as --calls-max lets in, it is full "
                            "within {:.1f} hours: make room, take --archive elsewhere, or give "
                            "the --calls-max that you expect",
                            free, calls_text(*calls_max), hours_left)};
    return {"disk space", Verdict::ok, free};
}

Finding judge_syncs(const std::vector<Nanos>& syncs) {
    const auto ms = [](Nanos n) { return static_cast<double>(n.count()) / 1e6; };
    const Nanos middle = syncs[syncs.size() / 2];
    const Nanos longest = syncs.back();
    const auto told = fmt::format(
        "a small write is on it after {:.1f} ms, the slowest of {} after "
        "{:.1f} ms",
        ms(middle), syncs.size(), ms(longest));
    if (middle >= sync_too_slow)
        return {"disk sync", Verdict::wrong,
                told + ": a crash would cost more than a second of each call; take another disk"};
    if (middle >= sync_slow || longest >= sync_too_slow)
        return {"disk sync", Verdict::warning,
                told + ": take a disk of its own, or one without a network between"};
    return {"disk sync", Verdict::ok, told};
}

Finding judge_writing(double bytes_per_second, std::size_t calls) {
    const std::uint64_t journal = calls * journal_bytes_per_call_second;
    const std::uint64_t needed = journal + calls * archive_bytes_per_call_second;
    const auto speed = static_cast<std::uint64_t>(std::max(bytes_per_second, 0.0));
    const auto told =
        fmt::format("it takes {} a second, and {} are enough for {}, half of it while they run",
                    size_text(speed), size_text(needed), calls_text(calls));
    if (speed < journal)
        return {"disk speed", Verdict::wrong,
                told + ": packets would be dropped; take a faster disk, or lower --calls-max"};
    if (speed < needed)
        return {"disk speed", Verdict::warning,
                told + ": sealing would fall behind; take a faster disk, or lower --calls-max"};
    return {"disk speed", Verdict::ok, told};
}

Finding judge_archive(const Folder& archive, const std::string& above, bool above_is_writable) {
    const auto found = [&](Verdict verdict, const std::string& sentence) {
        return Finding{"archive", verdict, sentence};
    };
    if (!archive.is_there)
        return above_is_writable
                   ? found(Verdict::ok, archive.path + " is not there yet, and can be made")
                   : found(Verdict::wrong, archive.path +
                                               " is not there, and nothing can be made "
                                               "in " +
                                               above +
                                               ": make it, and give it to the user that "
                                               "records");
    if (!archive.is_folder)
        return found(Verdict::wrong, archive.path + " is no folder: name another --archive");
    if (!archive.is_writable)
        return found(Verdict::wrong, archive.path +
                                         " cannot be written: give it to the user that "
                                         "records (chown), or look at how its disk is "
                                         "mounted");
    if (!archive.is_ours)
        return found(Verdict::warning, archive.path +
                                           " belongs to somebody else: record as that "
                                           "user, or give it to the one that records");
    if ((archive.mode & 07U) != 0)
        return found(
            Verdict::warning,
            archive.path + " is open to everybody on this machine: chmod o= " + archive.path);
    return found(Verdict::ok, archive.path + " is ours and can be written");
}

Finding judge_journals(const std::vector<Folder>& runs) {
    for (const auto& run : runs)
        if ((run.mode & 077U) != 0)
            return {"journals", Verdict::wrong,
                    run.path +
                        " can be entered by others, and holds calls and their keys: chmod "
                        "0700 " +
                        run.path};
    return {"journals", Verdict::ok,
            runs.empty() ? "there are none that others could enter" : "nobody else can enter them"};
}

Finding judge_site(const std::string& folder, bool has_pages) {
    if (has_pages)
        return {"pages", Verdict::ok, "the window's pages are in " + folder};
    if (folder.empty())
        return {"pages", Verdict::wrong,
                "the window's pages are not beside this program, and browsers get none: make "
                "pages and make install put them there; --site names another folder"};
    return {"pages", Verdict::wrong,
            folder + " has no index.html: --site names the folder that the window's pages lie in"};
}

Finding judge_watched(const std::string& folder, const std::string& trouble) {
    if (trouble.empty())
        return {"watched", Verdict::ok, "what comes into " + folder + " will be brought"};
    return {"watched", Verdict::wrong,
            trouble + ": --watch names a folder that the service's user may read"};
}

Finding judge_secret(const std::string& path, std::optional<unsigned> mode) {
    if (!mode)
        return {"secrets", Verdict::wrong, path + " is not there, or may not be looked at"};
    if ((*mode & 07U) != 0)
        return {"secrets", Verdict::wrong,
                path + " can be read by everybody on this machine: chmod o= " + path};
    return {"secrets", Verdict::ok, path + " is kept from others"};
}

Finding judge_certificate(const std::string& path, WallTime from, WallTime to, WallTime now) {
    if (now >= to)
        return {"certificate", Verdict::wrong,
                path + " ended on " + day_text(to) + ": renew it; naklank serve picks it up"};
    if (now < from)
        return {"certificate", Verdict::wrong,
                path + " begins on " + day_text(from) + " only: is the clock right?"};
    if (to - now < certificate_ends_soon)
        return {"certificate", Verdict::warning,
                path + " ends on " + day_text(to) + ": renew it; naklank serve picks it up"};
    return {"certificate", Verdict::ok, path + " holds until " + day_text(to)};
}

}  // namespace nk::app
