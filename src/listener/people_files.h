#pragma once
// People between the list and the archive's file.

#include <vector>

#include "archive/house_files.h"
#include "listener/call_list.h"

namespace nk::listener {

inline std::vector<archive::KnownPerson> known_of(const std::vector<Person>& people) {
    std::vector<archive::KnownPerson> out;
    for (const auto& one : people)
        out.push_back({one.id, one.name, one.numbers, one.color, one.photo});
    return out;
}

inline std::vector<Person> people_of(std::vector<archive::KnownPerson> known) {
    std::vector<Person> out;
    for (auto& one : known)
        out.push_back({std::move(one.id), std::move(one.name), std::move(one.numbers), one.color,
                       std::move(one.photo)});
    return out;
}

}  // namespace nk::listener
