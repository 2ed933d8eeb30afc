#pragma once
// What a file that people bring may be, by its first bytes and its name: enough to decide whether
// it is copied and opened, never to believe anything in it. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace nk::importing {

enum class FileKind : std::uint8_t {
    empty,
    sound,     // or what may be
    archive,   // of files
    sidecar,   // JSON, or a page of Google's: says something of a file beside it
    call_log,  // calls.xml
    contacts,  // vCards
    other,     // named, and left
};

inline constexpr std::size_t kind_bytes = 4'096;  // of a file, to tell what it is

FileKind kind_of(std::string_view name, Bytes first_bytes);

// The ending under which an original is kept: the file's own in lower case when it is a plain short
// one ("m4a"), else "bin".
std::string original_extension(std::string_view name);

}  // namespace nk::importing
