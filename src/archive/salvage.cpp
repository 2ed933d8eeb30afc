#include "archive/salvage.h"

#include "archive/layout.h"
#include "base/sqlite.h"

namespace nk::archive {

namespace {

constexpr int busy_ms = 1000;  // whoever writes into it cannot do so for long

// Each table and each index has the ids once more, and each can be read from both its ends up to
// what is damaged.
constexpr const char* every_way[] = {
    "SELECT id FROM recordings ORDER BY id",
    "SELECT id FROM recordings ORDER BY id DESC",
    "SELECT id FROM recordings INDEXED BY recordings_by_start ORDER BY started",
    "SELECT id FROM recordings INDEXED BY recordings_by_start ORDER BY started DESC",
    "SELECT recording FROM parties ORDER BY recording",
    "SELECT recording FROM parties ORDER BY recording DESC",
    "SELECT recording FROM keys INDEXED BY keys_by_recording ORDER BY recording",
    "SELECT recording FROM keys INDEXED BY keys_by_recording ORDER BY recording DESC",
    "SELECT recording FROM marks INDEXED BY marks_by_recording ORDER BY recording",
    "SELECT recording FROM marks INDEXED BY marks_by_recording ORDER BY recording DESC",
};

Result<void> collect(Connection& db, const char* sql, std::set<std::string>& ids) {
    NK_TAKE(auto rows, db.prepare(sql));
    while (true) {
        NK_TAKE(const bool more, rows.step());
        if (!more)
            return {};
        if (auto id = rows.text(0); is_id(id))
            ids.insert(std::move(id));
    }
}

}  // namespace

Salvaged salvage_ids(const std::string& catalogue_path) {
    Salvaged salvaged;
    auto db = Connection::open(catalogue_path, busy_ms, false);
    if (!db) {
        salvaged.trouble = db.error().what;
        return salvaged;
    }
    // The first has nothing written; the second reads on behind a table that is described wrongly.
    (void)db->run("PRAGMA query_only = ON");
    (void)db->run("PRAGMA writable_schema = ON");
    bool is_whole = false;  // one way through the recordings' own table is enough
    for (const char* sql : every_way) {
        const auto collected = collect(*db, sql, salvaged.ids);
        is_whole = is_whole || (sql == every_way[0] && collected);
        if (!collected && salvaged.trouble.empty())
            salvaged.trouble = collected.error().what;
    }
    if (is_whole)
        salvaged.trouble.clear();
    return salvaged;
}

}  // namespace nk::archive
