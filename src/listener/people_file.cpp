#include "listener/people_file.h"

#include <utility>

namespace nk::listener {

namespace {

bool is_same_writing(const std::optional<FileState>& a, const std::optional<FileState>& b) {
    return a.has_value() == b.has_value() &&
           (!a || (a->bytes == b->bytes && a->modified == b->modified));
}

std::vector<archive::KnownPerson> known_of(const std::vector<Person>& people) {
    std::vector<archive::KnownPerson> out;
    for (const auto& one : people)
        out.push_back({one.id, one.name, one.numbers, one.color, one.photo});
    return out;
}

std::vector<Person> people_of(std::vector<archive::KnownPerson> known) {
    std::vector<Person> out;
    for (auto& one : known)
        out.push_back({std::move(one.id), std::move(one.name), std::move(one.numbers), one.color,
                       std::move(one.photo)});
    return out;
}

}  // namespace

bool may_name(const Account& account) {
    using purpose::Role;
    return account.roles.has_one_of({Role::owner, Role::manager, Role::trainer, Role::family});
}

Result<void> PeopleFile::follow() {
    const auto written = archive::people_written(disk_, root_);
    if (was_read_ && is_same_writing(written, written_))
        return {};
    was_read_ = true;
    written_ = written;
    auto known = archive::read_people(disk_, root_);
    is_readable_ = known.has_value();
    if (!known)
        return tl::unexpected(known.error());
    calls_.set_people(people_of(*std::move(known)));
    return {};
}

Result<std::unique_ptr<FileLock>> PeopleFile::turn() {
    auto turn = archive::turn_of_people(disk_, root_, false);
    if (turn)
        (void)follow();  // when it cannot be read, is_readable() says so
    return turn;
}

Result<void> PeopleFile::write(std::vector<Person> people) {
    NK_TRY(archive::write_people(disk_, root_, known_of(people)));
    written_ = archive::people_written(disk_, root_);
    calls_.set_people(std::move(people));
    return {};
}

}  // namespace nk::listener
