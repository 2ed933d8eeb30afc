// The list against one that walks over plain structs and asks the same function: the same calls, in
// the same order, on the same pages, whatever is asked and whoever asks.

#include "listener/call_list.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/rfc3339.h"
#include "listener/fold.h"

namespace nk::listener {
namespace {

using archive::Brief;
using purpose::Action;
using purpose::Purpose;
using purpose::Relation;
using purpose::Relations;
using purpose::Role;

constexpr std::int64_t second = 1'000'000'000;
constexpr WallTime first_day{1'790'000'000 * second};

std::string id_at(WallTime at, std::uint32_t which) {
    constexpr std::string_view base32 = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string id = rfc3339(at, 0);
    std::erase_if(id, [](char c) { return c == '-' || c == ':'; });
    id += '-';
    for (int i = 5; i >= 0; --i)
        id += base32[which >> (5 * i) & 31U];
    return id;
}

const std::vector<std::string> numbers{"0201234567", "+31201234567", "201", "202",
                                       "0612345678", "anna",         ""};
const std::vector<std::string> names{"", "Jan", "Ján de Boer", "Reparatie"};

// What the list is to know, as plain as can be.
struct World {
    std::vector<Brief> calls;
    std::map<std::string, Marked> marks;
    std::vector<Person> people;
    std::vector<CallList::Claim> claims;
    std::vector<Album> albums;
    std::vector<purpose::RetentionRule> rules;

    [[nodiscard]] Marked mark_of(const Brief& call) const {
        const auto marked = marks.find(call.id);
        return marked == marks.end() ? Marked{} : marked->second;
    }
    [[nodiscard]] bool is_in(const Album& album, const Brief& call) const {
        return std::count(album.calls.begin(), album.calls.end(), call.id) > 0;
    }
    [[nodiscard]] purpose::Fate fate_of(const Brief& call, WallTime now) const {
        const auto marked = mark_of(call);
        std::vector<std::string> lines;
        for (const auto& party : call.parties)
            lines.push_back(canonical_number(party.number, "31"));
        auto in_canonical = rules;
        for (auto& rule : in_canonical)
            if (!rule.line.empty())
                rule.line = canonical_number(rule.line, "31");
        const std::vector<std::string_view> views(lines.begin(), lines.end());
        return purpose::fate_of({call.started + call.duration, marked.is_kept, marked.is_held,
                                 std::any_of(albums.begin(), albums.end(),
                                             [&](const auto& one) { return is_in(one, call); }),
                                 marked.announced, marked.removed},
                                purpose::kept_for(in_canonical, purpose_of(call), views), now);
    }
    [[nodiscard]] bool is_in_part(const Brief& call, const CallQuery& query) const {
        const auto marked = mark_of(call);
        if (query.only == Only::held)
            return marked.is_held;
        if (marked.removed || query.only == Only::safekeeping)
            return marked.removed && query.only == Only::safekeeping;
        const auto fate = fate_of(call, query.now);
        return query.only == Only::all || (query.only == Only::kept && marked.is_kept) ||
               (query.only == Only::going && fate.stay == purpose::Stay::until &&
                (marked.announced || fate.step == purpose::Step::announce));
    }
    [[nodiscard]] std::set<AccountIndex> accounts_of(const std::string& number) const {
        std::set<AccountIndex> out;
        for (const auto& claim : claims)
            for (const auto& one : claim.numbers)
                if (!number.empty() &&
                    canonical_number(one, "31") == canonical_number(number, "31"))
                    out.insert(claim.account);
        return out;
    }
    [[nodiscard]] const Person* person_of(const std::string& number) const {
        for (const auto& person : people)
            for (const auto& one : person.numbers)
                if (!number.empty() &&
                    canonical_number(one, "31") == canonical_number(number, "31"))
                    return &person;
        return nullptr;
    }
    [[nodiscard]] Purpose purpose_of(const Brief& call) const {
        const auto marked = marks.find(call.id);
        return marked != marks.end() && marked->second.purpose ? *marked->second.purpose
                                                               : call.purpose;
    }
    [[nodiscard]] bool may(const Viewer& viewer, Action action, const Brief& call) const {
        Relations relations{Relation::any};
        bool is_claimed = false;
        for (const auto& party : call.parties)
            for (const auto account : accounts_of(party.number)) {
                is_claimed = true;
                if (account == viewer.account)
                    relations.add(Relation::own);
                if (std::count(viewer.team.begin(), viewer.team.end(), account) > 0)
                    relations.add(Relation::team);
            }
        if (!is_claimed)
            relations.add(Relation::unclaimed);
        for (const auto& album : albums)
            if (is_in(album, call) &&
                (album.is_library ||
                 std::count(album.members.begin(), album.members.end(), viewer.account) > 0))
                relations.add(album.is_library ? Relation::library : Relation::album);
        return purpose::may(
                   viewer.roles, action, purpose_of(call), relations,
                   mark_of(call).removed ? purpose::Place::safekeeping : purpose::Place::archive)
            .is_allowed;
    }
    [[nodiscard]] Direction direction_of(const Brief& call) const {
        bool out = false;
        bool in = false;
        for (std::size_t i = 0; i < call.parties.size(); ++i)
            if (!accounts_of(call.parties[i].number).empty())
                (i == 0 ? out : in) = true;
        return out ? (in ? Direction::internal : Direction::out)
                   : (in ? Direction::in : Direction::unknown);
    }
    [[nodiscard]] bool fits(const Brief& call, const CallQuery& query) const {
        const auto marked = marks.find(call.id);
        const auto any_party = [&](const auto& is) {
            return std::any_of(call.parties.begin(), call.parties.end(), is);
        };
        const auto album = std::find_if(albums.begin(), albums.end(),
                                        [&](const auto& one) { return one.id == query.album; });
        return is_in_part(call, query) &&
               (query.album.empty() || (album != albums.end() && is_in(*album, call))) &&
               (!query.from || call.started >= *query.from) &&
               (!query.to || call.started < *query.to) &&
               (!query.purpose || purpose_of(call) == *query.purpose) &&
               (!query.door || call.door == *query.door) &&
               (!query.direction || direction_of(call) == *query.direction) &&
               (!query.shortest || call.duration >= *query.shortest) &&
               (!query.longest || call.duration <= *query.longest) &&
               (query.tag.empty() ||
                (marked != marks.end() && std::count(marked->second.tags.begin(),
                                                     marked->second.tags.end(), query.tag) > 0)) &&
               (query.number.empty() || any_party([&](const auto& party) {
                    return !party.number.empty() && canonical_number(party.number, "31") ==
                                                        canonical_number(query.number, "31");
                })) &&
               (query.person.empty() || any_party([&](const auto& party) {
                    const auto* person = person_of(party.number);
                    return person != nullptr && person->id == query.person;
                })) &&
               (query.text.empty() || any_party([&](const auto& party) {
                    const auto* person = person_of(party.number);
                    const auto wanted = fold(query.text);
                    return fold(party.name).find(wanted) != std::string::npos ||
                           (person != nullptr &&
                            fold(person->name).find(wanted) != std::string::npos);
                }));
    }
    [[nodiscard]] std::vector<std::string> expected(const Viewer& viewer,
                                                    const CallQuery& query) const {
        std::vector<const Brief*> found;
        for (const auto& call : calls)
            if (fits(call, query) && may(viewer, Action::see, call))
                found.push_back(&call);
        std::sort(found.begin(), found.end(), [&](const Brief* a, const Brief* b) {
            const auto key = [](const Brief* call) {
                return std::tuple(to_ms(call->duration), call->started, call->id);
            };
            const auto time = [](const Brief* call) { return std::tuple(call->started, call->id); };
            switch (query.sort) {
                case Sort::newest:
                    return time(a) > time(b);
                case Sort::oldest:
                    return time(a) < time(b);
                case Sort::longest:
                    return key(a) > key(b);
                case Sort::shortest:
                    return key(a) < key(b);
            }
            return false;
        });
        std::vector<std::string> ids;
        for (const auto* call : found)
            ids.push_back(call->id);
        return ids;
    }
};

template <class T>
T one_of(const std::vector<T>& choices) {
    return *rc::gen::elementOf(choices);
}

const std::vector<Purpose> purposes{Purpose::wording, Purpose::training, Purpose::agreement,
                                    Purpose::memory, Purpose::keepsake};
const std::vector<std::string> tags{"oma", "werk", "x"};

World any_world() {
    World world;
    const int count = *rc::gen::inRange(0, 30);
    for (int i = 0; i < count; ++i) {
        Brief call;
        // Some at the same moment, and some whose id tells another second than they began in.
        call.started = WallTime{first_day.ns + *rc::gen::inRange(0, 20) * second};
        call.id = id_at(WallTime{call.started.ns - *rc::gen::inRange(0, 2) * second},
                        static_cast<std::uint32_t>(i * 7'919));
        call.duration = milliseconds(*rc::gen::inRange(0, 5) * 1'000);
        call.purpose = one_of(purposes);
        call.door = one_of(std::vector{purpose::Door::tap, purpose::Door::siprec});
        call.has_sound = *rc::gen::arbitrary<bool>();
        for (int parties = *rc::gen::inRange(0, 4); parties > 0; --parties)
            call.parties.push_back({one_of(numbers), one_of(names)});
        world.calls.push_back(call);
        if (*rc::gen::inRange(0, 3) == 0) {
            Marked marked;
            if (*rc::gen::arbitrary<bool>())
                marked.purpose = one_of(purposes);
            for (int n = *rc::gen::inRange(0, 3); n > 0; --n)
                if (const auto tag = one_of(tags);
                    std::count(marked.tags.begin(), marked.tags.end(), tag) == 0)
                    marked.tags.push_back(tag);
            marked.is_kept = *rc::gen::inRange(0, 4) == 0;
            marked.is_held = *rc::gen::inRange(0, 4) == 0;
            if (*rc::gen::inRange(0, 4) == 0)
                marked.announced = call.started;
            if (*rc::gen::inRange(0, 3) == 0)
                marked.removed = call.started;
            world.marks[call.id] = marked;
        }
    }
    world.people = {{"p-1", "Ján", {"0201234567"}, {}}, {"p-2", "Oma", {"201", "0612345678"}, 3}};
    for (AccountIndex account = 1; account <= 3; ++account)
        world.claims.push_back({account, {one_of(numbers), one_of(numbers)}});
    for (const std::string id : {"al-1", "al-2", "al-3"}) {
        Album album{id, *rc::gen::inRange(0, 3) == 0, {1, 3}, {"20990101T000000Z-aaaaaa"}};
        for (const auto& call : world.calls)
            if (*rc::gen::inRange(0, 5) == 0)
                album.calls.push_back(call.id);
        world.albums.push_back(std::move(album));
    }
    for (const auto purpose : purposes)
        if (*rc::gen::arbitrary<bool>())
            world.rules.push_back({purpose,
                                   one_of(std::vector<std::string>{"", "201", "020 1234567"}),
                                   one_of(std::vector<std::int64_t>{1, 14, 15, 90})});
    return world;
}

void fill(CallList& list, const World& world) {
    for (const auto& call : world.calls)
        list.put(call);
    for (const auto& [id, marked] : world.marks)
        list.mark(id, marked);
    list.set_people(world.people);
    list.set_claims(world.claims);
    list.set_albums(world.albums);
    list.set_rules(world.rules);
}

Viewer any_viewer() {
    Viewer viewer;
    for (const auto role : purpose::all_roles)
        if (*rc::gen::inRange(0, 3) == 0)
            viewer.roles.add(role);
    viewer.account = static_cast<AccountIndex>(*rc::gen::inRange(1, 5));
    for (AccountIndex account = 1; account <= 3; ++account)
        if (*rc::gen::arbitrary<bool>())
            viewer.team.push_back(account);
    return viewer;
}

CallQuery any_query() {
    CallQuery query;
    const auto maybe = [] { return *rc::gen::inRange(0, 4) == 0; };
    if (maybe())
        query.text = one_of(std::vector<std::string>{"jan", "JÁN", "oma", "boer", "zzz"});
    if (maybe())
        query.number = one_of(std::vector<std::string>{"020-1234567", "201", "anna", "7"});
    if (maybe())
        query.person = one_of(std::vector<std::string>{"p-1", "p-2", "p-3"});
    if (maybe())
        query.tag = one_of(std::vector<std::string>{"oma", "werk", "none"});
    if (maybe())
        query.purpose = one_of(purposes);
    if (maybe())
        query.door = purpose::Door::siprec;
    if (maybe())
        query.direction = one_of(
            std::vector{Direction::in, Direction::out, Direction::internal, Direction::unknown});
    if (maybe())
        query.from = WallTime{first_day.ns + *rc::gen::inRange(0, 20) * second};
    if (maybe())
        query.to = WallTime{first_day.ns + *rc::gen::inRange(0, 20) * second};
    if (maybe())
        query.shortest = milliseconds(*rc::gen::inRange(0, 5) * 1'000);
    if (maybe())
        query.longest = milliseconds(*rc::gen::inRange(0, 5) * 1'000);
    if (maybe())
        query.album = one_of(std::vector<std::string>{"al-1", "al-2", "al-9"});
    query.only = one_of(std::vector{Only::all, Only::all, Only::all, Only::kept, Only::held,
                                    Only::going, Only::safekeeping});
    query.now = WallTime{first_day.ns + *rc::gen::inRange(0, 100) * 24 * 3'600 * second};
    query.sort = one_of(std::vector{Sort::newest, Sort::oldest, Sort::longest, Sort::shortest});
    query.limit = static_cast<std::size_t>(*rc::gen::inRange(1, 8));
    query.wants_total = *rc::gen::arbitrary<bool>();
    return query;
}

RC_GTEST_PROP(call_list, gives_the_calls_that_fit_and_may_be_seen_page_by_page, ()) {
    const auto world = any_world();
    CallList list;
    fill(list, world);
    const auto viewer = any_viewer();
    auto query = any_query();
    const auto expected = world.expected(viewer, query);
    std::vector<std::string> got;
    for (std::size_t pages = 0; pages <= expected.size(); ++pages) {
        const auto page = list.page(viewer, query);
        RC_ASSERT(page.rows.size() <= query.limit);
        if (query.wants_total)
            RC_ASSERT(page.total == expected.size());
        for (const auto& row : page.rows) {
            got.push_back(row.id);
            const auto call = std::find_if(world.calls.begin(), world.calls.end(),
                                           [&](const auto& one) { return one.id == row.id; });
            RC_ASSERT(row.may_be_heard ==
                      (call->has_sound && world.may(viewer, Action::hear, *call)));
            RC_ASSERT(row.direction == world.direction_of(*call));
            RC_ASSERT(row.fate == world.fate_of(*call, query.now));
            RC_ASSERT(row.removed == world.mark_of(*call).removed);
        }
        query.after = page.next;
        if (page.next.empty())
            break;
    }
    RC_ASSERT(got == expected);
}

RC_GTEST_PROP(call_list, says_of_each_call_what_the_one_function_says, ()) {
    const auto world = any_world();
    CallList list;
    fill(list, world);
    const auto viewer = any_viewer();
    for (const auto& call : world.calls) {
        for (const auto action : purpose::all_actions)
            RC_ASSERT(list.may(viewer, action, call.id).is_allowed ==
                      world.may(viewer, action, call));
        RC_ASSERT(list.find(viewer, call.id, {}).has_value() ==
                  world.may(viewer, Action::see, call));
    }
}

// Counts tell of no more than lists do.
RC_GTEST_PROP(call_list, counts_what_it_lists, ()) {
    const auto world = any_world();
    CallList list;
    fill(list, world);
    const auto viewer = any_viewer();
    const auto by_person = list.count_by_person(viewer);
    for (std::size_t i = 0; i < world.people.size(); ++i) {
        CallQuery query;
        query.person = world.people[i].id;
        RC_ASSERT(by_person[i].calls == world.expected(viewer, query).size());
    }
    for (const auto& [tag, calls] : list.count_by_tag(viewer)) {
        CallQuery query;
        query.tag = tag;
        RC_ASSERT(calls == world.expected(viewer, query).size());
        RC_ASSERT(calls > 0U);
    }
    const auto by_album = list.count_by_album(viewer);
    for (std::size_t i = 0; i < world.albums.size(); ++i) {
        CallQuery query;
        query.album = world.albums[i].id;
        RC_ASSERT(by_album[i] == world.expected(viewer, query).size());
    }
}

// Slice by slice, what is to be done with every call, and nothing else.
RC_GTEST_PROP(call_list, looks_at_all_calls_for_what_is_due, ()) {
    const auto world = any_world();
    CallList list;
    fill(list, world);
    const auto now = WallTime{first_day.ns + *rc::gen::inRange(0, 200) * 24 * 3'600 * second};
    std::map<std::string, purpose::Step> expected, got;
    for (const auto& call : world.calls)
        if (const auto step = world.fate_of(call, now).step; step != purpose::Step::none)
            expected[call.id] = step;
    std::size_t place = 0;
    const auto slice = static_cast<std::size_t>(*rc::gen::inRange(1, 40));
    do
        for (const auto& due : list.due(place, slice, now))
            RC_ASSERT(got.emplace(due.id, due.step).second);
    while (place != 0);
    RC_ASSERT(got == expected);
    list.set_rules(std::nullopt);
    place = 0;
    do
        for (const auto& due : list.due(place, slice, now))
            RC_ASSERT(due.step == purpose::Step::take_back || due.step == purpose::Step::erase);
    while (place != 0);
}

TEST(call_list, keeps_what_people_made_of_a_call_that_is_entered_again) {
    CallList list;
    Brief call;
    call.id = id_at(first_day, 1);
    call.started = first_day;
    call.purpose = Purpose::agreement;
    list.put(call);
    list.mark(call.id, {.purpose = Purpose::wording, .is_kept = true, .notes = 2, .tags = {"oma"}});
    call.started = WallTime{first_day.ns + second};
    list.put(call);
    EXPECT_EQ(list.size(), 1U);
    const auto row = list.find({{Role::owner}, 1, {}}, call.id, {});
    ASSERT_TRUE(row);
    EXPECT_EQ(row->purpose, Purpose::wording);
    EXPECT_TRUE(row->is_kept);
    EXPECT_EQ(row->notes, 2);
    EXPECT_EQ(row->tags, std::vector<std::string_view>{"oma"});
    EXPECT_EQ(row->started, call.started);
}

TEST(call_list, finds_a_number_by_any_of_its_digits) {
    CallList list;
    Brief call;
    call.id = id_at(first_day, 1);
    call.started = first_day;
    call.parties = {{"+31881112233", ""}, {"201", "Oma"}};
    list.put(call);
    const auto finds = [&](const std::string& text) {
        CallQuery query;
        query.text = text;
        return list.page({{Role::owner}, 1, {}}, query).rows.size() == 1;
    };
    for (const auto* text : {"1112233", "088-111", "+31 88", "0031881", "201", "om", "0881112233"})
        EXPECT_TRUE(finds(text)) << text;
    for (const auto* text : {"999", "088-112", "omb"})
        EXPECT_FALSE(finds(text)) << text;
}

TEST(call_list, passes_over_what_is_no_id_and_no_cursor) {
    CallList list;
    for (const auto* id : {"", "nonsense", "20261332T000000Z-aaaaaa", "20261123T142301Z-k3v9q",
                           "20261123T142301Z-k3v9qi"}) {
        Brief call;
        call.id = id;
        list.put(call);
    }
    EXPECT_EQ(list.size(), 0U);
    CallQuery query;
    query.after = "nonsense";
    EXPECT_TRUE(list.page({{Role::owner}, 1, {}}, query).rows.empty());
}

}  // namespace
}  // namespace nk::listener
