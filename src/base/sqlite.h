#pragma once
// A thin layer over SQLite: a connection, a statement, a transaction, and Results in place of
// codes.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace nk {

// The path with no link on the way to the file, since SQLite, told to follow no link, follows none
// of these either.
std::string without_links(const std::string& path);

class Statement {
public:
    explicit Statement(sqlite3_stmt* raw);

    // Parameters count from 1. A text is copied.
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view value);
    // True while there is a row.
    Result<bool> step();
    // Steps once, for statements without rows, and makes the statement ready again.
    Result<void> run();
    void reset();

    // Columns count from 0.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;

private:
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> raw_;
};

class Connection {
public:
    // Of a file that is a link, Code::refused: it may lead out of the archive. Folders on the way
    // to it may be links.
    static Result<Connection> open(const std::string& path, int busy_ms, bool makes_one = true);
    // Only a file that is there, and not to write into it. Even to read, SQLite wants to write
    // beside a log, or to make one. Where it may not, beside a recorder it reads by the log's
    // shared memory; a file without a log is read as one that nobody changes, and still() tells
    // whether that was true: a recorder may begin at any time, on what is a read-only disk here,
    // too.
    static Result<Connection> open_to_read(const std::string& path, int busy_ms,
                                           bool folder_is_writable);
    Result<void> run(const char* sql);  // any number of statements, none with rows
    Result<Statement> prepare(std::string_view sql);
    // Code::busy when the file was changed since it was opened as one that nobody changes. To be
    // asked when something was read, before anybody believes it, be it an error.
    [[nodiscard]] Result<void> still() const;
    // Whether its path leads to another file by now, or to none.
    [[nodiscard]] bool has_moved() const;

private:
    // What a file looks like that nobody writes into.
    struct Look {
        std::string path;
        std::array<std::int64_t, 7> about{};  // device, inode, size, times
        bool operator==(const Look&) const = default;
    };
    static std::optional<Look> look_at(const std::string& path);
    static Result<Connection> open_as(const std::string& name, int flags, int busy_ms);
    explicit Connection(sqlite3* raw);
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> raw_;
    std::optional<Look> unchanged_;  // where nobody may change it
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

}  // namespace nk
