#pragma once
// A thin layer over SQLite: a connection, a statement, a transaction, and Results in place of
// codes.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "base/result.h"

namespace nk::archive::detail {

// The path with no link on the way to the file, since SQLite, told to follow no link, follows none
// of these either.
std::string without_links(const std::string& path);

class Statement {
public:
    explicit Statement(sqlite3_stmt* raw) : raw_(raw, sqlite3_finalize) {}

    // Parameters count from 1. A text is copied.
    Statement& bind(int index, std::int64_t value) {
        sqlite3_bind_int64(raw_.get(), index, value);
        return *this;
    }
    Statement& bind(int index, std::string_view value) {
        sqlite3_bind_text64(raw_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8);
        return *this;
    }
    // True while there is a row.
    Result<bool> step();
    // Steps once, for statements without rows, and makes the statement ready again.
    Result<void> run();
    void reset() { sqlite3_reset(raw_.get()); }

    // Columns count from 0.
    [[nodiscard]] std::int64_t integer(int column) const {
        return sqlite3_column_int64(raw_.get(), column);
    }
    [[nodiscard]] std::string text(int column) const;

private:
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> raw_;
};

class Connection {
public:
    // Of a file that is a link, Code::refused: it may lead out of the archive. Folders on the way
    // to it may be links.
    static Result<Connection> open(const std::string& path, int busy_ms);
    // Only a file that is there, and not to write into it. Next to a log, SQLite wants to write
    // even to read, which it may not do where the folder is not writable; there a file without a
    // log is read as one that nobody changes.
    static Result<Connection> open_to_read(const std::string& path, int busy_ms,
                                           bool folder_is_writable);
    Result<void> run(const char* sql);  // any number of statements, none with rows
    Result<Statement> prepare(std::string_view sql);

private:
    static Result<Connection> open_as(const std::string& name, int flags, int busy_ms);
    explicit Connection(sqlite3* raw) : raw_(raw, sqlite3_close_v2) {}
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> raw_;
};

// Undone unless commit() was called.
class Transaction {
public:
    static Result<Transaction> begin(Connection& connection);
    Result<void> commit();
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;

private:
    explicit Transaction(Connection& connection) : connection_(&connection) {}
    Connection* connection_;
};

}  // namespace nk::archive::detail
