#include "custody/log.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::custody {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view ending = ".jsonl";
constexpr std::size_t digits = 12;
const std::string no_sum(64, '0');

std::string file_name(std::uint64_t first) {
    auto number = std::to_string(first);
    number.insert(0, number.size() < digits ? digits - number.size() : 0, '0');
    return number + std::string(ending);
}

bool is_log_file(const FolderEntry& entry) {
    const std::string_view name = entry.name;
    return !entry.is_folder && entry.is_plain && name.size() == digits + ending.size() &&
           name.ends_with(ending) && std::all_of(name.begin(), name.begin() + digits, [](char c) {
               return c >= '0' && c <= '9';
           });
}

// Oldest first.
Result<std::vector<std::string>> files_in(Disk& disk, const std::string& folder) {
    NK_TAKE(const auto entries, disk.list(folder));
    std::vector<std::string> names;
    for (const auto& entry : entries)
        if (is_log_file(entry))
            names.push_back(entry.name);
    return names;
}

constexpr auto no_next = std::numeric_limits<std::uint64_t>::max();

std::uint64_t first_of(const std::string& name) {
    return std::stoull(name.substr(0, digits));
}

struct Line {
    Entry entry;
    std::string before;  // the sum of the one before, as it says
    std::string sum;     // its own
};

std::string text_in(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<std::int64_t> number_in(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_number_integer() ? std::optional(at->get<std::int64_t>())
                                                         : std::nullopt;
}

std::optional<Line> read_line(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    const auto number = json.is_object() ? number_in(json, "n") : std::nullopt;
    const auto at = json.is_object() ? wall_time_in(text_in(json, "at")) : std::nullopt;
    if (!number || *number < 1 || !at)
        return std::nullopt;
    Line line;
    line.entry.number = static_cast<std::uint64_t>(*number);
    line.entry.at = *at;
    line.entry.event = {text_in(json, "what"),      text_in(json, "who"),
                        text_in(json, "from"),      text_in(json, "recording"),
                        number_in(json, "from_ms"), number_in(json, "to_ms"),
                        text_in(json, "detail")};
    line.before = text_in(json, "before");
    line.sum = sha256_hex(as_bytes(text));
    return line;
}

// The whole lines of a file, and whether there was something else in it.
struct Lines {
    std::vector<Line> lines;
    bool is_torn = false;
    bool is_damaged = false;  // a line that cannot be read stands before one that can
};

// `next` is the number that the file behind it begins with: from there on that one counts.
Result<Lines> read_file(Disk& disk, const std::string& path, std::uint64_t next) {
    NK_TAKE(const auto bytes, read_whole(disk, path, limits::custody_file_bytes_max * 2));
    Lines out;
    std::string_view rest = as_text(Bytes(bytes));
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        auto line = end == std::string_view::npos ? std::nullopt : read_line(rest.substr(0, end));
        if (line && line->entry.number >= next)
            break;
        if (line) {
            out.is_damaged = out.is_damaged || out.is_torn;
            out.lines.push_back(std::move(*line));
        } else {
            out.is_torn = true;
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return out;
}

std::string write_line(const Entry& entry, const std::string& before) {
    const auto& event = entry.event;
    Json json;
    json["n"] = entry.number;
    json["at"] = rfc3339(entry.at);
    json["what"] = event.what;
    json["who"] = as_utf8(event.who);
    if (!event.from.empty())
        json["from"] = event.from;
    if (!event.recording.empty())
        json["recording"] = event.recording;
    if (event.from_ms)
        json["from_ms"] = *event.from_ms;
    if (event.to_ms)
        json["to_ms"] = *event.to_ms;
    if (!event.detail.empty())
        json["detail"] = as_utf8(event.detail);
    json["before"] = before;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool fits(const Entry& entry, const Filter& filter) {
    return (filter.before == 0 || entry.number < filter.before) &&
           (filter.who.empty() || entry.event.who == filter.who) &&
           (filter.recording.empty() || entry.event.recording == filter.recording) &&
           (filter.what.empty() || entry.event.what == filter.what);
}

}  // namespace

Log::Log(Key, Disk& disk, const Clock& clock, std::string folder)
    : disk_(disk), clock_(clock), folder_(std::move(folder)), last_sum_(no_sum) {}

Result<std::unique_ptr<Log>> Log::open(Disk& disk, const Clock& clock, std::string folder) {
    NK_TRY(make_lasting_folders(disk, folder));
    NK_TRY(disk.make_private_folder(folder));
    auto log = std::make_unique<Log>(Key(), disk, clock, std::move(folder));
    NK_TAKE(auto names, files_in(disk, log->folder_));
    auto next = no_next;
    while (!names.empty()) {  // the last one may hold nothing, or what a power cut left
        NK_TAKE(const auto read, read_file(disk, log->folder_ + "/" + names.back(), next));
        next = first_of(names.back());
        if (!read.lines.empty()) {
            log->last_ = read.lines.back().entry.number;
            log->last_sum_ = read.lines.back().sum;
            break;
        }
        names.pop_back();
    }
    return log;
}

// One of that name holds no whole line: it was begun, and nothing came of it.
Result<void> Log::begin_file() {
    const std::string path = folder_ + "/" + file_name(last_ + 1);
    NK_TRY(disk_.remove_tree(path));
    NK_TAKE(file_, disk_.create(path));
    NK_TRY(disk_.sync_folder(folder_));
    file_bytes_ = 0;
    return {};
}

Result<std::uint64_t> Log::append(const Event& event) {
    if (!file_ || file_bytes_ >= limits::custody_file_bytes_max)
        NK_TRY(begin_file());
    const auto line = write_line({last_ + 1, clock_.wall(), event}, last_sum_);
    auto written = file_->write(as_bytes(line + "\n"));
    if (written)
        written = file_->sync();
    if (!written) {
        // What of it is on the disk is unknown: it ends its file, and the next begins another.
        file_.reset();
        return tl::unexpected(written.error());
    }
    file_bytes_ += line.size() + 1;
    last_sum_ = sha256_hex(as_bytes(line));
    return ++last_;
}

Result<std::vector<Entry>> Log::read(Disk& disk, const std::string& folder, const Filter& filter) {
    NK_TAKE(auto names, files_in(disk, folder));
    std::vector<Entry> out;
    for (auto next = no_next; !names.empty() && out.size() < filter.limit; names.pop_back()) {
        const auto first = first_of(names.back());
        if (filter.before != 0 && first >= filter.before) {
            next = first;
            continue;
        }
        NK_TAKE(auto read, read_file(disk, folder + "/" + names.back(), next));
        next = first;
        for (auto line = read.lines.rbegin(); line != read.lines.rend(); ++line)
            if (out.size() < filter.limit && fits(line->entry, filter))
                out.push_back(std::move(line->entry));
    }
    return out;
}

Result<Check> Log::check(Disk& disk, const std::string& folder) {
    NK_TAKE(const auto names, files_in(disk, folder));
    Check check;
    std::string before = no_sum;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& name = names[i];
        const auto next = i + 1 < names.size() ? first_of(names[i + 1]) : no_next;
        NK_TAKE(const auto read, read_file(disk, folder + "/" + name, next));
        if (read.is_damaged)
            check.problems.push_back(name + " holds a line that cannot be read");
        for (const auto& line : read.lines) {
            ++check.events;
            if (line.entry.number != ++number)
                check.problems.push_back(name + ": event " + std::to_string(line.entry.number) +
                                         " stands where " + std::to_string(number) + " was to be");
            else if (line.before != before)
                check.problems.push_back(name + ": event " + std::to_string(number - 1) +
                                         " is not the one that was written before event " +
                                         std::to_string(number));
            number = line.entry.number;
            before = line.sum;
        }
    }
    return check;
}

}  // namespace nk::custody
