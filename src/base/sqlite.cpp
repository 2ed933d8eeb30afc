#include "base/sqlite.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <sqlite3.h>
#include <sys/stat.h>

namespace nk {

namespace {

namespace fs = std::filesystem;

// Of a file that could not be opened or read, by the system's own reason.
Code code_of(int why) {
    switch (why) {
        case EACCES:
        case EPERM:
        case EROFS:
            return Code::refused;
        case EMFILE:
        case ENFILE:
            return Code::limit;
        case ENOSPC:
        case EDQUOT:
            return Code::disk_full;
        case ENOENT:
            return Code::not_found;
        default:
            return Code::io;
    }
}

// Only what is malformed, broken or unsupported is mended by making the catalogue again.
tl::unexpected<Error> refusal(sqlite3* connection, int code) {
    std::string what = std::string("the catalogue: ") +
                       (connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection));
    if (code == SQLITE_CANTOPEN_SYMLINK)
        return refuse(Code::unsupported, Blame::machine,
                      "the catalogue is a link, which is not followed");
    const int why = connection == nullptr ? 0 : sqlite3_system_errno(connection);
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return refuse(Code::busy, Blame::machine, what);
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return refuse(Code::refused, Blame::machine, what);
        case SQLITE_CANTOPEN:
        case SQLITE_IOERR:
            if (why != 0)
                what += std::string(" (") + strerrordesc_np(why) + ")";
            return refuse(code_of(why), Blame::machine, what);
        case SQLITE_FULL:
            return refuse(Code::disk_full, Blame::machine, what);
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
        case SQLITE_CONSTRAINT:  // which ours keep, unless an index is damaged
            return refuse(Code::malformed, Blame::machine, what);
        case SQLITE_MISUSE:
        case SQLITE_ERROR:
            return refuse(Code::broken, Blame::ourselves, what);
        default:
            return refuse(Code::io, Blame::machine, what);
    }
}

// file:///a%20folder/name, RFC 3986.
std::string as_uri(const std::string& path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    std::string uri = path.starts_with('/') ? "file://" : "file:";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos)
            uri += c;
        else
            uri.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return uri;
}

bool has_bytes(const std::string& path) {
    std::error_code absent;
    const auto bytes = fs::file_size(path, absent);
    return !absent && bytes > 0;
}

// Codes of what more rights would mend; beside a log, SQLite has no one code for it.
bool wants_leave(Code code) {
    return code == Code::refused || code == Code::io || code == Code::not_found;
}

}  // namespace

std::string without_links(const std::string& path) {
    const fs::path given = path;
    std::error_code trouble;
    const fs::path folder =
        fs::canonical(given.has_parent_path() ? given.parent_path() : ".", trouble);
    return trouble ? path : (folder / given.filename()).string();
}

Statement::Statement(sqlite3_stmt* raw) : raw_(raw, sqlite3_finalize) {}

Statement& Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(raw_.get(), index, value);
    return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
    sqlite3_bind_text64(raw_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
}

void Statement::reset() {
    sqlite3_reset(raw_.get());
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(raw_.get(), column);
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(raw_.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return refusal(sqlite3_db_handle(raw_.get()), code);
}

Result<void> Statement::run() {
    const auto stepped = step();
    reset();
    NK_TRY(stepped);
    return {};
}

std::string Statement::text(int column) const {
    const unsigned char* bytes = sqlite3_column_text(raw_.get(), column);
    const int size = sqlite3_column_bytes(raw_.get(), column);
    if (bytes == nullptr)
        return {};
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Result<Connection> Connection::open_as(const std::string& name, int flags, int busy_ms) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_EXRESCODE, nullptr);
    Connection connection(raw);  // to be closed even after a failure
    if (code != SQLITE_OK)
        return refusal(raw, code);
    sqlite3_busy_timeout(raw, busy_ms);
    return connection;
}

Connection::Connection(sqlite3* raw) : raw_(raw, sqlite3_close_v2) {}

Result<Connection> Connection::open(const std::string& path, int busy_ms, bool makes_one) {
    const bool is_in_memory = path.empty() || path == ":memory:";
    return open_as(
        is_in_memory ? path : without_links(path),
        SQLITE_OPEN_READWRITE | (makes_one ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOFOLLOW,
        busy_ms);
}

namespace {

tl::unexpected<Error> began_to_write() {
    return refuse(Code::busy, Blame::machine,
                  "the catalogue: a recorder began to write into it while it was read");
}

}  // namespace

Result<Connection> Connection::open_to_read(const std::string& given_path, int busy_ms,
                                            bool folder_is_writable) {
    const std::string path = without_links(given_path);
    NK_TAKE(auto connection, open_as(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, busy_ms));
    const auto looked = connection.run("PRAGMA query_only = ON; SELECT 1 FROM sqlite_schema");
    if (looked || folder_is_writable || !wants_leave(looked.error().code))
        return looked ? Result<Connection>(std::move(connection))
                      : tl::unexpected<Error>(looked.error());
    if (has_bytes(path + "-wal") || has_bytes(path + "-journal"))
        return refuse(
            Code::refused, Blame::machine,
            "the catalogue: its last rows are in a log beside it, and cannot be read in a "
            "folder that is not writable");
    auto look = look_at(path);
    if (!look)
        return began_to_write();
    NK_TAKE(auto still,
            open_as(as_uri(path) + "?immutable=1",
                    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_URI, busy_ms));
    still.unchanged_ = std::move(look);
    return still;
}

std::optional<Connection::Look> Connection::look_at(const std::string& path) {
    struct stat about{};
    if (stat(path.c_str(), &about) != 0 || has_bytes(path + "-wal") || has_bytes(path + "-journal"))
        return std::nullopt;
    return Look{path,
                {static_cast<std::int64_t>(about.st_dev), static_cast<std::int64_t>(about.st_ino),
                 about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec, about.st_ctim.tv_sec,
                 about.st_ctim.tv_nsec}};
}

// Whoever writes makes a log first, and the file itself is only changed from there.
Result<void> Connection::still() const {
    if (!unchanged_ || look_at(unchanged_->path) == unchanged_)
        return {};
    return began_to_write();
}

bool Connection::has_moved() const {
    int moved = 0;
    const int code = sqlite3_file_control(raw_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return code == SQLITE_OK && moved != 0;
}

Result<void> Connection::run(const char* sql) {
    const int code = sqlite3_exec(raw_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return refusal(raw_.get(), code);
    return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code =
        sqlite3_prepare_v2(raw_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
    if (code != SQLITE_OK)
        return refusal(raw_.get(), code);
    return Statement(raw);
}

Result<Transaction> Transaction::begin(Connection& connection) {
    NK_TRY(connection.run("BEGIN IMMEDIATE"));
    return Transaction(connection);
}

Result<void> Transaction::commit() {
    NK_TRY(connection_->run("COMMIT"));
    connection_ = nullptr;
    return {};
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
    if (connection_ != nullptr)
        (void)connection_->run("ROLLBACK");  // whose failure means that there is nothing to undo
}

}  // namespace nk
