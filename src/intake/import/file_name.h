#pragma once
// What the name of a file says of the call in it: by the recorder that writes such names
// (recorders.cpp has them), else by a careful general reader. Pure; some microseconds a name.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "intake/import/named_file.h"

namespace nk::importing {

// Of the files of one folder, what they all begin with before somebody's name: a telephone in a
// language that we do not know writes its own "Call recording". Empty when there is no such thing.
std::string learn_prefix(std::span<const std::string> file_names);

// `file_name` may have folders in front of it, any bytes in it and any length (what is behind
// import_stem_bytes_max is not looked at). `learnt` is of learn_prefix.
NamedFile read_file_name(std::string_view file_name, std::string_view learnt = {});

// As findings of Source::file_name (or another, for names of other things): the time first, the
// numbers and names in their order.
std::vector<call::Finding> findings_of(const NamedFile& named, const Zone& zone,
                                       call::Source source = call::Source::file_name);

}  // namespace nk::importing
