#pragma once
// What a form or a program sends with files in it: multipart/form-data (RFC 7578).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace nk::wire {

inline constexpr std::size_t form_parts_max = 64;
inline constexpr std::size_t form_head_bytes_max = 8'192;   // of a part
inline constexpr std::size_t form_name_bytes_max = 1'024;   // of a field or a file; more is cut
inline constexpr std::size_t form_boundary_bytes_max = 70;  // RFC 2046 5.1.1

struct FormPart {
    std::string name;       // of the field
    std::string file_name;  // empty when it is no file
    Bytes body;             // in the bytes that were parsed
};

// `content_type` is the header's value. Code::unsupported when that is no multipart/form-data;
// Code::malformed when the body does not keep to its boundary, or ends in the middle.
Result<std::vector<FormPart>> parse_form_data(std::string_view content_type, Bytes body);

}  // namespace nk::wire
