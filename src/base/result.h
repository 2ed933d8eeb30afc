#pragma once
// Refused: the answer to bad input, a failing disk or a lost peer. Never thrown, always looked at.
//
// A Result<T> holds a value or an Error. The Error says what kind it is (Code), whose fault it was
// (Blame, which decides how loud we are about it) and one sentence a person can act on.

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace nk {

enum class Blame {
    peer,       // who sent us the bytes
    owner,      // who gave us the options
    machine,    // disk, memory, network
    ourselves,  // a fault of Naklank
};

enum class Code {
    malformed,    // bytes that do not follow their format
    cut_off,      // bytes that stop before their format says so
    unsupported,  // well formed, but not something we read
    not_found,
    exists,
    refused,  // not allowed, by a rule of the house
    limit,    // a named limit was reached (base/limits.h)
    disk_full,
    busy,  // somebody else holds it
    io,
    broken,
};

struct Error {
    Code code;
    Blame blame;
    std::string what;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> refuse(Code code, Blame blame, std::string what) {
    return tl::unexpected<Error>(Error{code, blame, std::move(what)});
}

}  // namespace nk

// Runs an expression that gives a Result and hands its Error to the caller of this function.
#define NK_TRY(expr)                                                          \
    do {                                                                      \
        if (auto nk_result = (expr); !nk_result)                              \
            return tl::unexpected<::nk::Error>(std::move(nk_result.error())); \
    } while (false)

// The same, and keeps the value: NK_TAKE(const auto file, disk.open(path));
#define NK_JOIN_(a, b) a##b
#define NK_JOIN(a, b) NK_JOIN_(a, b)
#define NK_TAKE(declaration, expr) NK_TAKE_(declaration, expr, NK_JOIN(nk_taken_, __LINE__))
#define NK_TAKE_(declaration, expr, taken)                            \
    auto taken = (expr);                                              \
    if (!taken)                                                       \
        return tl::unexpected<::nk::Error>(std::move(taken.error())); \
    declaration = *std::move(taken)
