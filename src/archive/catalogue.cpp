#include "archive/catalogue.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "archive/vcon.h"
#include "base/limits.h"
#include "base/sqlite.h"
#include "base/utf8.h"

namespace nk::archive {

namespace {

using recording::RecordingFacts;

constexpr std::int64_t schema_version = 3;

// Times are nanoseconds since 1970. A media mark is a uint64 kept as the int64 of the same bits.
constexpr const char* schema = R"(
CREATE TABLE recordings (
    id TEXT PRIMARY KEY,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    is_recording_leg INTEGER NOT NULL,
    tracks_with_sound INTEGER NOT NULL,
    received INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    summary TEXT NOT NULL,
    brief TEXT NOT NULL,
    entered INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX recordings_by_entry ON recordings (entered);
CREATE TABLE generation (value TEXT NOT NULL);
INSERT INTO generation VALUES (hex(randomblob(8)));
CREATE INDEX recordings_by_start ON recordings (started);
CREATE INDEX recordings_by_conversation ON recordings (conversation);
CREATE TABLE parties (
    recording TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (recording, number)
) WITHOUT ROWID;
CREATE TABLE keys (
    key TEXT NOT NULL,
    recording TEXT NOT NULL,
    PRIMARY KEY (key, recording)
) WITHOUT ROWID;
CREATE TABLE marks (
    mark INTEGER NOT NULL,
    recording TEXT NOT NULL,
    track INTEGER NOT NULL,
    PRIMARY KEY (mark, recording, track)
) WITHOUT ROWID;
CREATE INDEX marks_by_recording ON marks (recording);
CREATE INDEX keys_by_recording ON keys (recording);
PRAGMA user_version = 3;
)";

// A key whose kind has an '@' ("siprec-session@192.0.2.1:1") is used again and again. It links what
// overlaps or follows within a minute, as after a recorder that was begun anew; of calls that began
// within a day of each other, whose ids say so, so that few of its many users are looked at.
constexpr const char* linked_by_key = R"(
WITH mine AS MATERIALIZED (
    SELECT key, instr(substr(key, 1, instr(key, ':')), '@') > 0 AS is_reused
    FROM keys WHERE recording = ?1)
SELECT DISTINCT theirs.recording
FROM mine CROSS JOIN keys AS theirs ON theirs.key = mine.key
AND theirs.recording >= iif(is_reused,
    strftime('%Y%m%dT%H%M%SZ', ?2 / 1000000000 - 86400, 'unixepoch'), '')
AND theirs.recording < iif(is_reused,
    strftime('%Y%m%dT%H%M%SZ', ?2 / 1000000000 + 86401, 'unixepoch'), '~')
CROSS JOIN recordings AS r ON r.id = theirs.recording
WHERE theirs.recording <> ?1 AND (NOT is_reused OR (
    r.started <= ?2 + 86400000000000
    AND r.started < ?3 + 60000000000 AND r.ended > ?2 - 60000000000)))";

// A track is found again in one that shares enough marks with it. Of both recordings so many tracks
// must be, as the one that has fewer has: two callers who hear the same announcement at the same
// time share one side, not a conversation. It is the same whichever of the two asks, so that no
// order of entry matters. Hundreds may hear an announcement, so only tracks that share enough of it
// are looked at any closer.
constexpr const char* linked_by_marks = R"(
SELECT recording FROM (
    SELECT theirs.recording AS recording, mine.track AS here, theirs.track AS there
    FROM marks AS mine CROSS JOIN marks AS theirs ON theirs.mark = mine.mark
    WHERE mine.recording = ?1 AND theirs.recording <> ?1
    GROUP BY theirs.recording, mine.track, theirs.track HAVING COUNT(*) >= ?4) AS found
CROSS JOIN recordings AS r ON r.id = found.recording
WHERE r.started < ?3 AND r.ended > ?2
GROUP BY recording HAVING MIN(COUNT(DISTINCT here), COUNT(DISTINCT there)) >= MIN(
    (SELECT COUNT(DISTINCT track) FROM marks WHERE recording = ?1),
    (SELECT COUNT(DISTINCT track) FROM marks WHERE recording = found.recording)))";

constexpr const char* one_row =
    "SELECT started, ended, conversation, is_recording_leg, tracks_with_sound, received, lost, "
    "summary, brief FROM recordings WHERE id = ?1";
constexpr const char* numbers_of_one =
    "SELECT group_concat(number, char(10)) FROM "
    "(SELECT number FROM parties WHERE recording = ?1 ORDER BY number)";
constexpr const char* keys_of_one =
    "SELECT group_concat(key, char(10)) FROM "
    "(SELECT key FROM keys WHERE recording = ?1 ORDER BY key)";
constexpr const char* marks_of_one =
    "SELECT group_concat(track || ':' || mark) FROM "
    "(SELECT track, mark FROM marks WHERE recording = ?1 ORDER BY track, mark)";

constexpr const char* insert_recording =
    "INSERT INTO recordings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
    "(SELECT max(coalesce((SELECT max(entered) FROM recordings), 0), "
    "coalesce((SELECT last FROM numbered), 0)) + 1))";
constexpr const char* enter_again =
    "UPDATE recordings SET entered = "
    "(SELECT max(coalesce((SELECT max(entered) FROM recordings), 0), "
    "coalesce((SELECT last FROM numbered), 0)) + 1) WHERE id = ?1";

// The highest number of a row that was removed: those who follow by numbers know it, and it is not
// given again.
constexpr const char* numbered =
    "CREATE TABLE IF NOT EXISTS numbered (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER "
    "NOT "
    "NULL)";
constexpr const char* keep_number =
    "INSERT INTO numbered SELECT 1, entered FROM recordings WHERE id = ?1 "
    "ON CONFLICT (one) DO UPDATE SET last = max(last, excluded.last)";
// A group that is larger stays as it is when it loses one.
constexpr std::size_t regrouped_max = 500;

std::int64_t clamped(std::uint64_t value) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(value, most));
}

std::int64_t end_of(const RecordingFacts& facts) {
    std::int64_t end = 0;
    if (__builtin_add_overflow(facts.started.ns, facts.duration.count(), &end))
        return std::numeric_limits<std::int64_t>::max();
    return end;
}

// Only what a person dials, of a number however it is written.
std::string dialled(std::string_view number) {
    std::string out;
    for (const char c : number)
        if (std::string_view(" +-.()/").find(c) == std::string_view::npos)
            out += c;
    return out;
}

// A line for the recording, a line for each party, their fields apart by tabs.
std::string write_brief(const RecordingFacts& facts) {
    const auto plain = [](std::string_view text) {
        std::string out = as_utf8(text);
        std::ranges::replace_if(out, [](char c) { return c == '\t' || c == '\n'; }, ' ');
        return out;
    };
    std::string out;
    for (const auto part : {name_of(facts.purpose), name_of(facts.basis), name_of(facts.door)})
        out.append(part).append("\t");
    out += facts.call.answered ? "answered\t" : "\t";
    out += facts.audio ? "sound" : "";
    if (facts.call.ending == call::Ending::recorder_stopped)
        out += "\tcut-off";
    if (facts.brought) {
        const auto known = call::know(facts.findings);
        out.append("\t").append(name_of(known.direction));
        out += known.is_message ? "\tmessage" : "";
        out += known.is_unsure() ? "\tunsure" : "";
        out += call::heard_by(known, "").own == 1 ? "\tbrought-second" : "\tbrought";
    }
    for (const auto& party : facts.call.parties)
        out.append("\n").append(plain(party.number)).append("\t").append(plain(party.name));
    return out;
}

std::string_view take_field(std::string_view& text, char end) {
    const auto at = std::min(text.find(end), text.size());
    const auto field = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return field;
}

// Of what nobody here wrote, as much as can be read.
void read_brief(std::string_view text, Brief& into) {
    auto line = take_field(text, '\n');
    into.purpose = purpose::purpose_named(take_field(line, '\t')).value_or(into.purpose);
    into.basis = purpose::basis_named(take_field(line, '\t')).value_or(into.basis);
    into.door = purpose::door_named(take_field(line, '\t')).value_or(into.door);
    into.is_answered = take_field(line, '\t') == "answered";
    into.has_sound = take_field(line, '\t') == "sound";
    while (!line.empty()) {
        const auto word = take_field(line, '\t');
        into.is_cut_off |= word == "cut-off";
        into.is_message |= word == "message";
        into.is_unsure |= word == "unsure";
        into.is_brought |= word.starts_with("brought");
        into.own = word == "brought-second" ? 1 : into.own;
        into.direction = call::direction_named(word).value_or(into.direction);
    }
    while (!text.empty()) {
        auto party = take_field(text, '\n');
        const auto number = take_field(party, '\t');
        into.parties.push_back({std::string(number), std::string(party)});
    }
}

Copy copy_in(const RecordingFacts& facts) {
    Copy copy;
    copy.is_recording_leg = facts.call.is_recording_leg;
    for (const auto& track : facts.tracks) {
        copy.tracks_with_sound += track.sound_from < track.sound_to ? 1 : 0;
        copy.received += track.packets.received;
        copy.lost += track.packets.lost;
    }
    return copy;
}

Result<void> check_version(std::int64_t version) {
    if (version == schema_version)
        return {};
    return refuse(Code::unsupported, Blame::owner,
                  "the catalogue has version " + std::to_string(version) +
                      "; this program knows version " + std::to_string(schema_version));
}

}  // namespace

struct Catalogue::Rows {
    // A recording and its time.
    struct Span {
        std::string id;
        std::int64_t started = 0;
        std::int64_t ended = 0;
    };
    Rows(Connection c, std::string p) : db(std::move(c)), path(std::move(p)) {}

    Result<void> forget(const std::string& id);
    Result<void> enter(const RecordingFacts& facts);
    Result<void> enter_names(const RecordingFacts& facts);
    Result<std::set<std::string>> linked_to(const Span& span);
    Result<std::string> conversation_id(const std::string& id);
    Result<void> join(const Span& span);
    Result<void> remove(const std::string& id);
    Result<std::optional<Conversation>> conversation(const std::string& conversation_id);
    Result<std::string> wanted_numbers(const Filter& filter);
    Result<Listing> list(const Filter& filter);
    Result<Row> row_of(const std::string& id);
    Result<bool> follow(Followed& followed, std::size_t most, std::vector<Brief>& into);
    Result<std::vector<std::string>> texts(const char* sql);
    // What was read, unless it may be of two moments.
    template <class T>
    Result<T> if_still(Result<T> was_read) {
        NK_TRY(db.still());
        return was_read;
    }
    Result<std::int64_t> version();
    // A statement that is prepared once and used again; it is ready until the next use of it.
    Result<Statement*> ready(const char* sql);
    Result<void> insert(const RecordingFacts& facts) {
        NK_TRY(forget(facts.id));
        NK_TRY(enter(facts));
        NK_TRY(enter_names(facts));
        return join({facts.id, facts.started.ns, end_of(facts)});
    }

    Connection db;
    std::string path;
    std::map<std::string_view, Statement> prepared;  // after db: goes before it
    bool in_transaction = false;
};

Result<Statement*> Catalogue::Rows::ready(const char* sql) {
    auto found = prepared.find(sql);
    if (found == prepared.end()) {
        NK_TAKE(auto made, db.prepare(sql));
        found = prepared.emplace(sql, std::move(made)).first;
    }
    found->second.reset();
    return &found->second;
}

Result<void> Catalogue::Rows::forget(const std::string& id) {
    for (const char* sql :
         {"DELETE FROM recordings WHERE id = ?1", "DELETE FROM parties WHERE recording = ?1",
          "DELETE FROM keys WHERE recording = ?1", "DELETE FROM marks WHERE recording = ?1"}) {
        NK_TAKE(auto* statement, ready(sql));
        NK_TRY(statement->bind(1, id).run());
    }
    return {};
}

Result<void> Catalogue::Rows::enter(const RecordingFacts& facts) {
    NK_TAKE(auto* row, ready(insert_recording));
    const Copy copy = copy_in(facts);
    row->bind(1, facts.id).bind(2, facts.started.ns).bind(3, end_of(facts)).bind(4, facts.id);
    row->bind(5, copy.is_recording_leg ? 1 : 0).bind(6, copy.tracks_with_sound);
    row->bind(7, clamped(copy.received))
        .bind(8, clamped(copy.lost))
        .bind(9, to_summary(facts))
        .bind(10, write_brief(facts));
    return row->run();
}

Result<void> Catalogue::Rows::enter_names(const RecordingFacts& facts) {
    NK_TAKE(auto* number, ready("INSERT OR IGNORE INTO parties VALUES (?1, ?2)"));
    for (const auto& party : facts.call.parties)
        NK_TRY(number->bind(1, facts.id).bind(2, dialled(as_utf8(party.number))).run());
    NK_TAKE(auto* key, ready("INSERT OR IGNORE INTO keys VALUES (?1, ?2)"));
    for (const auto& text : facts.call.conversation_keys)
        NK_TRY(key->bind(1, as_utf8(text)).bind(2, facts.id).run());
    for (const auto& text : keys_of_brought(facts))
        NK_TRY(key->bind(1, text).bind(2, facts.id).run());
    NK_TAKE(auto* mark, ready("INSERT OR IGNORE INTO marks VALUES (?1, ?2, ?3)"));
    mark->bind(2, facts.id);
    for (const auto& track : facts.tracks) {
        mark->bind(3, std::int64_t{track.number});
        for (const auto value : track.media_marks)
            NK_TRY(mark->bind(1, static_cast<std::int64_t>(value)).run());
    }
    return {};
}

Result<std::set<std::string>> Catalogue::Rows::linked_to(const Span& span) {
    std::set<std::string> ids;
    NK_TAKE(auto* by_key, ready(linked_by_key));
    NK_TAKE(auto* by_marks, ready(linked_by_marks));
    for (Statement* linked : {by_key, by_marks})
        linked->bind(1, span.id).bind(2, span.started).bind(3, span.ended);
    by_marks->bind(4, limits::shared_marks_min);
    for (Statement* linked : {by_key, by_marks})
        while (true) {
            NK_TAKE(const bool more, linked->step());
            if (!more)
                break;
            ids.insert(linked->text(0));
        }
    by_key->reset();  // a statement that has more rows would keep its transaction open
    by_marks->reset();
    return ids;
}

Result<std::string> Catalogue::Rows::conversation_id(const std::string& id) {
    NK_TAKE(auto row, db.prepare("SELECT conversation FROM recordings WHERE id = ?1"));
    NK_TAKE(const bool found, row.bind(1, id).step());
    return found ? row.text(0) : std::string();
}

// Conversations are the connected parts of "belongs together with". Each link shows when the later
// of its two recordings is entered, so that joining whole groups then gives the same parts in any
// order.
Result<void> Catalogue::Rows::join(const Span& span) {
    NK_TAKE(const auto linked, linked_to(span));
    std::set<std::string> groups{span.id};
    for (const auto& id : linked) {
        NK_TAKE(auto group, conversation_id(id));
        groups.insert(std::move(group));
    }
    if (groups.size() == 1)
        return {};
    // A group is named by its smallest member, so the smallest name is the smallest of all.
    NK_TAKE(auto rename, db.prepare("UPDATE recordings SET conversation = ?1 "
                                    "WHERE conversation = ?2"));
    for (const auto& group : groups)
        NK_TRY(rename.bind(1, *groups.begin()).bind(2, group).run());
    return {};
}

// Its conversation is put together again without it.
Result<void> Catalogue::Rows::remove(const std::string& id) {
    NK_TAKE(const auto group, conversation_id(id));
    NK_TAKE(auto number, db.prepare(keep_number));
    NK_TRY(number.bind(1, id).run());
    NK_TRY(forget(id));
    NK_TAKE(auto rows,
            db.prepare("SELECT id, started, ended FROM recordings WHERE conversation = ?1"));
    rows.bind(1, group);
    std::vector<Span> left;
    while (true) {
        NK_TAKE(const bool more, rows.step());
        if (!more)
            break;
        left.push_back({rows.text(0), rows.integer(1), rows.integer(2)});
    }
    rows.reset();
    if (left.size() > regrouped_max)
        return {};
    NK_TAKE(auto alone, db.prepare("UPDATE recordings SET conversation = id WHERE id = ?1"));
    for (const auto& one : left)
        NK_TRY(alone.bind(1, one.id).run());
    for (const auto& one : left)
        NK_TRY(join(one));
    return {};
}

Result<std::optional<Conversation>> Catalogue::Rows::conversation(
    const std::string& conversation_id) {
    NK_TAKE(auto rows, db.prepare("SELECT id, is_recording_leg, tracks_with_sound, received, lost "
                                  "FROM recordings WHERE conversation = ?1 ORDER BY id"));
    rows.bind(1, conversation_id);
    Conversation out{conversation_id, {}, {}};
    std::optional<Copy> best;
    while (true) {
        NK_TAKE(const bool more, rows.step());
        if (!more)
            break;
        const Copy copy{rows.text(0), rows.integer(1) != 0, static_cast<unsigned>(rows.integer(2)),
                        static_cast<std::uint64_t>(rows.integer(3)),
                        static_cast<std::uint64_t>(rows.integer(4))};
        out.members.push_back(copy.id);
        if (!best || is_better(copy, *best))
            best = copy;
    }
    if (out.members.size() < 2)
        return std::nullopt;
    out.best = best->id;
    return out;
}

Result<std::vector<std::string>> Catalogue::Rows::texts(const char* sql) {
    NK_TAKE(auto rows, db.prepare(sql));
    std::vector<std::string> out;
    while (true) {
        NK_TAKE(const bool more, rows.step());
        if (!more)
            return out;
        out.push_back(rows.text(0));
    }
}

Result<std::int64_t> Catalogue::Rows::version() {
    NK_TAKE(auto row, db.prepare("PRAGMA user_version"));
    NK_TRY(row.step());
    return row.integer(0);
}

Catalogue::Catalogue(std::unique_ptr<Rows> rows) : rows_(std::move(rows)) {}
Catalogue::~Catalogue() = default;

Result<std::unique_ptr<Catalogue>> Catalogue::open(const std::string& path) {
    NK_TAKE(auto rows, open_rows(path, true));
    return std::make_unique<Catalogue>(std::move(rows));
}

Result<std::unique_ptr<Catalogue::Rows>> Catalogue::open_rows(const std::string& path,
                                                              bool makes_one) {
    const auto busy_ms = static_cast<int>(to_ms(limits::catalogue_wait));
    NK_TAKE(auto db, Connection::open(path, busy_ms, makes_one));
    // A recording is safe before its row is written, and rows can be made again: NORMAL is enough.
    NK_TRY(db.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"));
    auto rows = std::make_unique<Rows>(std::move(db), path);
    NK_TAKE(auto version, rows->version());
    if (version == 0) {
        NK_TAKE(auto step, Transaction::begin(rows->db));
        NK_TAKE(version, rows->version());  // another process may have been here first
        if (version == 0)
            NK_TRY(rows->db.run(schema));
        NK_TRY(step.commit());
        NK_TAKE(version, rows->version());
    }
    NK_TRY(check_version(version));
    NK_TRY(rows->db.run(numbered));
    return rows;
}

Result<std::unique_ptr<Catalogue>> Catalogue::open_to_read(const std::string& path,
                                                           bool folder_is_writable) {
    const auto busy_ms = static_cast<int>(to_ms(limits::catalogue_wait));
    NK_TAKE(auto db, Connection::open_to_read(path, busy_ms, folder_is_writable));
    auto rows = std::make_unique<Rows>(std::move(db), path);
    NK_TAKE(const auto version, rows->if_still(rows->version()));
    NK_TRY(check_version(version));
    return std::make_unique<Catalogue>(std::move(rows));
}

Result<void> Catalogue::insert(const RecordingFacts& facts) {
    if (rows_->in_transaction)
        return rows_->insert(facts);
    const std::array one{&facts};
    return insert_all(one);
}

Result<void> Catalogue::insert_all(std::span<const RecordingFacts* const> all) {
    NK_TRY(follow_the_file());
    NK_TAKE(auto step, Transaction::begin(rows_->db));
    for (const auto* facts : all)
        NK_TRY(rows_->insert(*facts));
    return step.commit();
}

Result<void> Catalogue::touch(const std::string& id) {
    NK_TRY(follow_the_file());
    NK_TAKE(auto* again, rows_->ready(enter_again));
    return again->bind(1, id).run();
}

// Lasting before it returns: its folder goes next.
Result<void> Catalogue::remove(const std::string& id) {
    NK_TRY(follow_the_file());
    NK_TRY(rows_->db.run("PRAGMA synchronous = FULL"));
    const auto removed = [&]() -> Result<void> {
        NK_TAKE(auto step, Transaction::begin(rows_->db));
        NK_TRY(rows_->remove(id));
        return step.commit();
    }();
    NK_TRY(rows_->db.run("PRAGMA synchronous = NORMAL"));
    return removed;
}

// A recording whose folder was there before this look is found by the rebuild that replaced the
// file, which looks at the folders again when its own is in place; any other goes into the new one.
Result<void> Catalogue::follow_the_file() {
    const bool is_a_file = !rows_->path.empty() && rows_->path != ":memory:";
    if (!is_a_file || !rows_->db.has_moved())
        return {};
    NK_TAKE(rows_, open_rows(rows_->path, false));
    return {};
}

Result<Listing> Catalogue::list(const Filter& filter) {
    return rows_->if_still(rows_->list(filter));
}

// The numbers that are wanted, as a JSON array.
Result<std::string> Catalogue::Rows::wanted_numbers(const Filter& filter) {
    NK_TAKE(auto numbers, texts("SELECT DISTINCT number FROM parties"));
    std::erase_if(numbers, [&](const auto& number) { return !filter.is_number(number); });
    return nlohmann::json(numbers).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

Result<Listing> Catalogue::Rows::list(const Filter& filter) {
    std::string wanted;  // empty: any
    if (filter.is_number) {
        NK_TAKE(wanted, wanted_numbers(filter));
    }
    // The newest so many, turned round: oldest first.
    NK_TAKE(auto rows,
            db.prepare("SELECT summary, conversation, id FROM recordings AS r "
                       "WHERE started >= ?1 AND started < ?2 AND (?3 = '' OR EXISTS (SELECT 1 "
                       "FROM parties WHERE recording = r.id AND "
                       "number IN (SELECT value FROM json_each(?3)))) "
                       "ORDER BY started DESC, id DESC LIMIT ?4"));
    using Int64 = std::numeric_limits<std::int64_t>;
    rows.bind(1, filter.since ? filter.since->ns : Int64::min());
    rows.bind(2, filter.until ? filter.until->ns : Int64::max());
    rows.bind(3, wanted);
    rows.bind(4, filter.newest == 0 ? std::int64_t{-1} : clamped(filter.newest));
    Listing listing;
    std::map<std::string, std::optional<Conversation>> conversations;
    while (true) {
        NK_TAKE(const bool more, rows.step());
        if (!more)
            break;
        auto facts = from_summary(rows.text(0));
        if (!facts || facts->id != rows.text(2)) {
            listing.unreadable.push_back(rows.text(2));
            continue;
        }
        const std::string group = rows.text(1);
        if (!conversations.contains(group)) {
            NK_TAKE(auto found, conversation(group));
            conversations.emplace(group, std::move(found));
        }
        listing.entries.push_back({*std::move(facts), conversations[group]});
    }
    std::ranges::reverse(listing.entries);
    std::ranges::reverse(listing.unreadable);
    return listing;
}

Result<bool> Catalogue::follow(Followed& followed, std::size_t most, std::vector<Brief>& into) {
    NK_TRY(follow_the_file());
    return rows_->if_still(rows_->follow(followed, most, into));
}

Result<bool> Catalogue::Rows::follow(Followed& followed, std::size_t most,
                                     std::vector<Brief>& into) {
    NK_TAKE(const auto generation, texts("SELECT value FROM generation"));
    const bool is_another = generation.empty() || generation.front() != followed.generation;
    if (is_another)
        followed = {generation.empty() ? "" : generation.front(), 0};
    NK_TAKE(auto* rows, ready("SELECT id, started, ended, brief, entered FROM recordings "
                              "WHERE entered > ?1 ORDER BY entered LIMIT ?2"));
    rows->bind(1, followed.entered).bind(2, clamped(most));
    while (true) {
        NK_TAKE(const bool more, rows->step());
        if (!more)
            break;
        auto& brief = into.emplace_back();
        brief.id = rows->text(0);
        brief.started = WallTime{rows->integer(1)};
        brief.duration = WallTime{rows->integer(2)} - brief.started;
        read_brief(rows->text(3), brief);
        followed.entered = rows->integer(4);
    }
    rows->reset();
    return is_another;
}

Result<std::optional<std::string>> Catalogue::with_key(const std::string& key) {
    NK_TRY(follow_the_file());
    NK_TAKE(auto* row, rows_->ready("SELECT min(recording) FROM keys WHERE key = ?1"));
    NK_TRY(row->bind(1, key).step());
    auto id = row->text(0);
    row->reset();
    return id.empty() ? std::nullopt : std::optional(std::move(id));
}

Result<std::vector<std::string>> Catalogue::ids() {
    return rows_->if_still(rows_->texts(
        "SELECT id FROM recordings UNION SELECT recording FROM parties "
        "UNION SELECT recording FROM keys UNION SELECT recording FROM marks ORDER BY 1"));
}

Result<Row> Catalogue::row_of(const std::string& id) {
    return rows_->if_still(rows_->row_of(id));
}

Result<Row> Catalogue::Rows::row_of(const std::string& id) {
    constexpr std::array columns{
        "started", "ended",   "conversation", "is_recording_leg", "tracks_with_sound", "received",
        "lost",    "summary", "brief"};
    Row row;
    NK_TAKE(auto* recording, ready(one_row));
    NK_TAKE(const bool found, recording->bind(1, id).step());
    for (std::size_t i = 0; i < columns.size(); ++i)
        row.push_back({columns[i], found ? recording->text(static_cast<int>(i)) : ""});
    recording->reset();
    constexpr std::array<std::pair<const char*, const char*>, 3> lists{
        {{"numbers", numbers_of_one}, {"keys", keys_of_one}, {"marks", marks_of_one}}};
    for (const auto& [name, sql] : lists) {
        NK_TAKE(auto* texts, ready(sql));
        NK_TRY(texts->bind(1, id).step());
        row.push_back({name, texts->text(0)});
        texts->reset();
    }
    return row;
}

Result<void> Catalogue::check() {
    NK_TAKE(const auto said, rows_->if_still(rows_->texts("PRAGMA integrity_check(1)")));
    if (said.empty() || said.front() != "ok")
        return refuse(Code::malformed, Blame::machine,
                      "the catalogue is damaged: " + (said.empty() ? "" : said.front()));
    return {};
}

Result<void> Catalogue::at_one_moment(const std::function<Result<void>()>& look) {
    NK_TRY(rows_->db.run("BEGIN"));
    auto looked = look();
    rows_->prepared.clear();  // a statement that is not at its end would keep the moment
    const auto ended = rows_->db.run("ROLLBACK");
    NK_TRY(rows_->if_still(std::move(looked)));
    return ended;
}

Result<std::optional<Conversation>> Catalogue::conversation_of(const std::string& id) {
    NK_TAKE(const auto group, rows_->if_still(rows_->conversation_id(id)));
    return rows_->if_still(rows_->conversation(group));
}

Result<void> Catalogue::replace_by(const std::string& other_path,
                                   const std::function<Result<void>(Catalogue&)>& late) {
    NK_TAKE(auto attach, rows_->db.prepare("ATTACH ?1 AS other"));
    NK_TRY(attach.bind(1, without_links(other_path)).run());
    const auto replaced = [&]() -> Result<void> {
        NK_TAKE(auto step, Transaction::begin(rows_->db));
        for (const std::string table : {"recordings", "parties", "keys", "marks"}) {
            NK_TRY(rows_->db.run(("DELETE FROM main." + table).c_str()));
            NK_TRY(rows_->db.run(
                ("INSERT INTO main." + table + " SELECT * FROM other." + table).c_str()));
        }
        NK_TRY(rows_->db.run("UPDATE main.generation SET value = hex(randomblob(8))"));
        rows_->in_transaction = true;
        auto done = late(*this);
        rows_->in_transaction = false;
        NK_TRY(std::move(done));
        return step.commit();
    }();
    (void)rows_->db.run("DETACH other");  // ends with the connection in any case
    return replaced;
}

}  // namespace nk::archive
