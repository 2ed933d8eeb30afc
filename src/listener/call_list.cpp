#include "listener/call_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <unordered_map>

#include "base/rfc3339.h"
#include "listener/fold.h"

namespace nk::listener {

namespace {

using purpose::Action;
using purpose::Relation;
using purpose::Relations;

// Crockford's base32 in lower case, as ids have it (docs/FORMAT.md).
constexpr std::string_view base32 = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t letters = 6;
constexpr std::size_t stamp_size = 16;  // 20261123T142301Z
constexpr std::uint8_t colors = 12;

// The stamp's second and the letters' bits: as their texts are sorted, so are these.
std::optional<std::uint64_t> pack_id(std::string_view id) {
    if (id.size() != stamp_size + 1 + letters || id[stamp_size] != '-')
        return std::nullopt;
    const auto digits = [&](std::size_t at, std::size_t count) { return id.substr(at, count); };
    std::string time;
    time.append(digits(0, 4)).append("-").append(digits(4, 2)).append("-").append(digits(6, 3));
    time.append(digits(9, 2)).append(":").append(digits(11, 2)).append(":").append(digits(13, 3));
    const auto at = wall_time_in(time);
    if (!at || at->ns < 0)
        return std::nullopt;
    std::uint64_t packed = static_cast<std::uint64_t>(at->ns) / 1'000'000'000;
    for (const char c : id.substr(stamp_size + 1)) {
        const auto value = base32.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        packed = packed << 5U | value;
    }
    return packed;
}

std::string unpack_id(std::uint64_t packed) {
    const std::uint64_t bits = packed & ((1ULL << (5 * letters)) - 1);
    const auto second = static_cast<std::int64_t>(packed >> (5 * letters));
    std::string id = compact_stamp(WallTime{second * 1'000'000'000}) + "-";
    for (std::size_t i = letters; i-- > 0;)
        id += base32[bits >> (5 * i) & 31U];
    return id;
}

// Texts by small numbers. 0 is the empty one.
class Words {
public:
    Words() { (void)number_of(""); }
    std::uint32_t number_of(std::string_view text) {
        const auto [at, is_new] = numbers_.try_emplace(std::string(text), texts_.size());
        if (is_new)
            texts_.push_back(&at->first);
        return at->second;
    }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const {
        const auto at = numbers_.find(std::string(text));
        return at == numbers_.end() ? std::nullopt : std::optional(at->second);
    }
    [[nodiscard]] const std::string& text(std::uint32_t number) const { return *texts_[number]; }
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<const std::string*> texts_;
};

namespace Flag {
constexpr std::uint8_t answered = 1;
constexpr std::uint8_t sound = 2;
constexpr std::uint8_t kept = 4;
}  // namespace Flag

struct Row {
    std::int64_t started = 0;
    std::uint64_t id = 0;
    std::uint32_t duration_ms = 0;
    std::uint32_t parties_at = 0;
    std::uint32_t tags = 0;  // a set of them
    std::uint16_t notes = 0;
    std::uint8_t parties = 0;
    std::uint8_t purpose = 0;  // as it is now
    std::uint8_t sealed_purpose = 0;
    std::uint8_t basis = 0;
    std::uint8_t door = 0;
    std::uint8_t flags = 0;
};
static_assert(sizeof(Row) == 40);

struct RowPartyIds {
    std::uint32_t number = 0;  // of numbers
    std::uint32_t name = 0;    // of names
};

bool is_before(const Row& a, const Row& b) {
    return a.started != b.started ? a.started < b.started : a.id < b.id;
}

constexpr std::size_t relation_sets = 64;

Relations relations_of(std::size_t bits) {
    Relations out{Relation::any};
    for (std::size_t i = 0; i < 5; ++i)
        if ((bits >> i & 1U) != 0)
            out.add(static_cast<Relation>(i));
    return out;
}

constexpr std::uint8_t bit_of(Relation relation) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(relation));
}

// What the one function says of every purpose and set of relations, for one viewer and action.
class Verdicts {
public:
    Verdicts(purpose::Roles roles, Action action) {
        for (std::size_t why = 0; why < verdicts_.size(); ++why)
            for (std::size_t bits = 0; bits < relation_sets; ++bits)
                verdicts_[why][bits] = purpose::may(
                    roles, action, static_cast<purpose::Purpose>(why), relations_of(bits));
    }
    [[nodiscard]] const purpose::Decision& of(std::uint8_t why, std::uint8_t relations) const {
        return verdicts_[why][relations];
    }

private:
    std::array<std::array<purpose::Decision, relation_sets>, 5> verdicts_{};
};

}  // namespace

std::string_view name_of(Direction direction) {
    constexpr std::array<std::string_view, 4> names{"in", "out", "internal", "unknown"};
    return names.at(static_cast<std::size_t>(direction));
}

std::optional<Direction> direction_named(std::string_view name) {
    for (const auto one : {Direction::in, Direction::out, Direction::internal, Direction::unknown})
        if (name_of(one) == name)
            return one;
    return std::nullopt;
}

std::optional<Sort> sort_named(std::string_view name) {
    constexpr std::array<std::string_view, 4> names{"newest", "oldest", "longest", "shortest"};
    const auto* at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
        return std::nullopt;
    return static_cast<Sort>(at - names.begin());
}

struct CallList::Inner {
    std::string country;
    std::vector<Row> rows;  // oldest first
    std::vector<RowPartyIds> parties;
    Words numbers;  // as signalled
    Words names;
    Words canonicals;                                            // of numbers
    std::vector<std::uint32_t> canonical;                        // by number: of canonicals
    std::vector<std::string> folded;                             // by name
    std::vector<std::string> digits;                             // by number
    std::unordered_map<std::uint64_t, std::int64_t> started_of;  // by id
    Words tags;
    std::map<std::vector<std::uint32_t>, std::uint32_t> tag_set_of;
    std::vector<std::vector<std::uint32_t>> tag_sets{{}};
    std::vector<Person> people;
    std::unordered_map<std::string, std::uint32_t> person_by_id;
    std::unordered_map<std::string, std::uint32_t> person_by_canonical;
    std::vector<std::uint32_t> person_of;  // by canonical: place in people and one; 0: nobody
    std::unordered_map<std::string, std::vector<AccountIndex>> accounts_of;  // by canonical
    std::vector<std::vector<AccountIndex>> claim_sets{{}};
    std::vector<std::uint32_t> claims_of;  // by canonical: of claim_sets; 0: nobody's

    std::uint32_t learn_number(std::string_view text);
    std::uint32_t learn_name(std::string_view text);
    std::uint32_t learn_canonical(const std::string& text);
    void look_up(std::uint32_t canonical_id);
    std::uint32_t claim_set(std::vector<AccountIndex> accounts);
    std::uint32_t tag_set(const std::vector<std::string>& texts);
    Row* row_of(std::string_view id);
    [[nodiscard]] const Row* row_of(std::string_view id) const;
    [[nodiscard]] std::span<const RowPartyIds> parties_of(const Row& row) const {
        return std::span(parties).subspan(row.parties_at, row.parties);
    }

    // For one viewer: by claim set, the relations that it makes.
    struct Lens {
        std::vector<std::uint8_t> by_claims;
        Verdicts sees;
        Verdicts hears;
    };
    [[nodiscard]] Lens lens_of(const Viewer& viewer) const;
    [[nodiscard]] std::vector<std::uint8_t> relations_by_claims(const Viewer& viewer) const;
    [[nodiscard]] std::uint8_t relations(const Row& row,
                                         const std::vector<std::uint8_t>& by_claims) const;
    [[nodiscard]] Direction direction(const Row& row) const;
    [[nodiscard]] CallRow show(const Row& row, const Lens& lens) const;
    [[nodiscard]] std::uint8_t color_of_canonical(std::uint32_t id) const;

    // The query in the list's own terms.
    struct Sieve {
        std::int64_t from = std::numeric_limits<std::int64_t>::min();
        std::int64_t to = std::numeric_limits<std::int64_t>::max();
        std::uint32_t shortest = 0;
        std::uint32_t longest = std::numeric_limits<std::uint32_t>::max();
        std::optional<std::uint8_t> door;
        std::optional<std::uint8_t> purpose;
        std::optional<Direction> direction;
        std::vector<bool> tag_sets;   // empty: any
        std::vector<bool> of_number;  // by number; empty: any
        std::vector<bool> of_person;  // the same
        std::vector<bool> has_text;   // by number, then by name; empty: any
        bool is_hopeless = false;     // it asks for what is not there
    };
    [[nodiscard]] Sieve sieve_of(const CallQuery& query) const;
    void seek_text(const std::string& text, Sieve& sieve) const;
    [[nodiscard]] bool passes(const Row& row, const Sieve& sieve) const;
};

std::uint32_t CallList::Inner::learn_canonical(const std::string& text) {
    const auto before = canonicals.size();
    const auto id = canonicals.number_of(text);
    if (canonicals.size() > before) {
        person_of.push_back(0);
        claims_of.push_back(0);
        look_up(id);
    }
    return id;
}

// Whose that number is.
void CallList::Inner::look_up(std::uint32_t id) {
    const auto& text = canonicals.text(id);
    const auto person = person_by_canonical.find(text);
    person_of[id] = person == person_by_canonical.end() ? 0 : person->second + 1;
    const auto claimed = accounts_of.find(text);
    claims_of[id] = claimed == accounts_of.end() ? 0 : claim_set(claimed->second);
}

std::uint32_t CallList::Inner::learn_number(std::string_view text) {
    const auto before = numbers.size();
    const auto id = numbers.number_of(text);
    if (numbers.size() > before) {
        canonical.push_back(learn_canonical(canonical_number(text, country)));
        digits.push_back(digits_of(text));
    }
    return id;
}

std::uint32_t CallList::Inner::learn_name(std::string_view text) {
    const auto before = names.size();
    const auto id = names.number_of(text);
    if (names.size() > before)
        folded.push_back(fold(text));
    return id;
}

std::uint32_t CallList::Inner::claim_set(std::vector<AccountIndex> accounts) {
    std::sort(accounts.begin(), accounts.end());
    accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
    const auto known = std::find(claim_sets.begin(), claim_sets.end(), accounts);
    if (known != claim_sets.end())
        return static_cast<std::uint32_t>(known - claim_sets.begin());
    claim_sets.push_back(std::move(accounts));
    return static_cast<std::uint32_t>(claim_sets.size() - 1);
}

std::uint32_t CallList::Inner::tag_set(const std::vector<std::string>& texts) {
    std::vector<std::uint32_t> set;
    for (const auto& text : texts)
        set.push_back(tags.number_of(text));
    if (set.empty())
        return 0;
    const auto [at, is_new] =
        tag_set_of.try_emplace(set, static_cast<std::uint32_t>(tag_sets.size()));
    if (is_new)
        tag_sets.push_back(set);
    return at->second;
}

const Row* CallList::Inner::row_of(std::string_view id) const {
    const auto packed = pack_id(id);
    const auto known = packed ? started_of.find(*packed) : started_of.end();
    if (known == started_of.end())
        return nullptr;
    Row wanted;
    wanted.started = known->second;
    wanted.id = *packed;
    return &*std::lower_bound(rows.begin(), rows.end(), wanted, is_before);
}

Row* CallList::Inner::row_of(std::string_view id) {
    return const_cast<Row*>(std::as_const(*this).row_of(id));
}

std::vector<std::uint8_t> CallList::Inner::relations_by_claims(const Viewer& viewer) const {
    std::vector<std::uint8_t> out(claim_sets.size(), 0);
    for (std::size_t i = 1; i < claim_sets.size(); ++i)
        for (const auto account : claim_sets[i]) {
            if (account == viewer.account)
                out[i] |= bit_of(Relation::own);
            if (std::find(viewer.team.begin(), viewer.team.end(), account) != viewer.team.end())
                out[i] |= bit_of(Relation::team);
        }
    return out;
}

CallList::Inner::Lens CallList::Inner::lens_of(const Viewer& viewer) const {
    return {relations_by_claims(viewer), Verdicts(viewer.roles, Action::see),
            Verdicts(viewer.roles, Action::hear)};
}

std::uint8_t CallList::Inner::relations(const Row& row,
                                        const std::vector<std::uint8_t>& by_claims) const {
    std::uint8_t out = 0;
    bool is_claimed = false;
    for (const auto& party : parties_of(row)) {
        const auto claims = claims_of[canonical[party.number]];
        out |= by_claims[claims];
        is_claimed = is_claimed || claims != 0;
    }
    return is_claimed ? out : static_cast<std::uint8_t>(out | bit_of(Relation::unclaimed));
}

Direction CallList::Inner::direction(const Row& row) const {
    bool is_from_here = false;
    bool is_to_here = false;
    const auto all = parties_of(row);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (claims_of[canonical[all[i].number]] != 0)
            (i == 0 ? is_from_here : is_to_here) = true;
    if (is_from_here)
        return is_to_here ? Direction::internal : Direction::out;
    return is_to_here ? Direction::in : Direction::unknown;
}

std::uint8_t CallList::Inner::color_of_canonical(std::uint32_t id) const {
    if (const auto person = person_of[id]; person != 0) {
        const auto& one = people[person - 1];
        if (one.color)
            return *one.color;
    }
    // The same wherever and whenever it is shown: of the number alone.
    std::uint32_t hash = 2'166'136'261U;  // FNV-1a
    for (const char c : canonicals.text(id))
        hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return static_cast<std::uint8_t>(hash % colors);
}

CallRow CallList::Inner::show(const Row& row, const Lens& lens) const {
    CallRow out;
    out.id = unpack_id(row.id);
    out.started = WallTime{row.started};
    out.duration = milliseconds(row.duration_ms);
    out.purpose = static_cast<purpose::Purpose>(row.purpose);
    out.basis = static_cast<purpose::Basis>(row.basis);
    out.door = static_cast<purpose::Door>(row.door);
    out.direction = direction(row);
    out.is_answered = (row.flags & Flag::answered) != 0;
    out.has_sound = (row.flags & Flag::sound) != 0;
    out.is_kept = (row.flags & Flag::kept) != 0;
    out.may_be_heard =
        out.has_sound && lens.hears.of(row.purpose, relations(row, lens.by_claims)).is_allowed;
    out.notes = row.notes;
    for (const auto& party : parties_of(row)) {
        const auto id = canonical[party.number];
        RowParty shown{numbers.text(party.number), names.text(party.name), nullptr,
                       color_of_canonical(id)};
        if (const auto person = person_of[id]; person != 0) {
            shown.person = &people[person - 1];
            shown.name = shown.person->name;
        }
        out.parties.push_back(shown);
    }
    for (const auto tag : tag_sets[row.tags])
        out.tags.emplace_back(tags.text(tag));
    return out;
}

// A part of a party's name, of the person's, or of a number: its digits as they were signalled, or
// the beginning of it as somebody would dial it from here.
void CallList::Inner::seek_text(const std::string& text, Sieve& sieve) const {
    const auto wanted = fold(text);
    const auto dialled = digits_of(text);
    std::string beginning;
    if (dialled.starts_with("00"))
        beginning = dialled.substr(2);
    else if (dialled.starts_with('0'))
        beginning = country + dialled.substr(1);
    else if (text.starts_with('+'))
        beginning = dialled;
    std::vector<bool> by_person(people.size() + 1, false);
    for (std::size_t i = 0; i < people.size(); ++i)
        by_person[i + 1] = fold(people[i].name).find(wanted) != std::string::npos;
    sieve.has_text.assign(numbers.size() + names.size(), false);
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        const auto& whole = canonicals.text(canonical[i]);
        const bool is_dialled =
            !dialled.empty() && (digits[i].find(dialled) != std::string::npos ||
                                 whole.find(dialled) != std::string::npos ||
                                 (!beginning.empty() && whole.starts_with(beginning)));
        const bool is_a_name = digits[i].empty() && whole.find(wanted) != std::string::npos;
        sieve.has_text[i] = is_dialled || is_a_name || by_person[person_of[canonical[i]]];
    }
    for (std::size_t i = 1; i < names.size(); ++i)
        sieve.has_text[numbers.size() + i] = folded[i].find(wanted) != std::string::npos;
}

CallList::Inner::Sieve CallList::Inner::sieve_of(const CallQuery& query) const {
    Sieve sieve;
    if (query.from)
        sieve.from = query.from->ns;
    if (query.to)
        sieve.to = query.to->ns;
    const auto whole_ms = [](Nanos length) {
        return static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(to_ms(length), 0, std::numeric_limits<std::uint32_t>::max()));
    };
    if (query.shortest)
        sieve.shortest = whole_ms(*query.shortest);
    if (query.longest)
        sieve.longest = whole_ms(*query.longest);
    if (query.door)
        sieve.door = static_cast<std::uint8_t>(*query.door);
    if (query.purpose)
        sieve.purpose = static_cast<std::uint8_t>(*query.purpose);
    sieve.direction = query.direction;
    if (!query.tag.empty()) {
        const auto wanted = tags.find(query.tag);
        sieve.is_hopeless = !wanted;
        for (const auto& set : tag_sets)
            sieve.tag_sets.push_back(wanted &&
                                     std::find(set.begin(), set.end(), *wanted) != set.end());
    }
    if (!query.number.empty()) {
        const auto wanted = canonicals.find(canonical_number(query.number, country));
        sieve.is_hopeless = sieve.is_hopeless || !wanted;
        for (const auto one : canonical)
            sieve.of_number.push_back(wanted && *wanted != 0 && one == *wanted);
    }
    if (!query.person.empty()) {
        const auto wanted = person_by_id.find(query.person);
        sieve.is_hopeless = sieve.is_hopeless || wanted == person_by_id.end();
        for (const auto one : canonical)
            sieve.of_person.push_back(wanted != person_by_id.end() &&
                                      person_of[one] == wanted->second + 1);
    }
    if (!query.text.empty())
        seek_text(query.text, sieve);
    return sieve;
}

bool CallList::Inner::passes(const Row& row, const Sieve& sieve) const {
    if (row.duration_ms < sieve.shortest || row.duration_ms > sieve.longest ||
        (sieve.door && row.door != *sieve.door) ||
        (sieve.purpose && row.purpose != *sieve.purpose) ||
        (!sieve.tag_sets.empty() && !sieve.tag_sets[row.tags]))
        return false;
    if (sieve.direction && direction(row) != *sieve.direction)
        return false;
    const auto all = parties_of(row);
    const auto has_one_of = [&](const std::vector<bool>& wanted) {
        return wanted.empty() || std::any_of(all.begin(), all.end(), [&](const auto& party) {
                   return wanted[party.number];
               });
    };
    if (!has_one_of(sieve.of_number) || !has_one_of(sieve.of_person))
        return false;
    return sieve.has_text.empty() || std::any_of(all.begin(), all.end(), [&](const auto& party) {
               return sieve.has_text[party.number] || sieve.has_text[numbers.size() + party.name];
           });
}

CallList::CallList(std::string country) : inner_(std::make_unique<Inner>()) {
    inner_->country = std::move(country);
    inner_->canonical.push_back(0);  // of no number at all
    inner_->digits.emplace_back();
    inner_->folded.emplace_back();
    inner_->person_of.push_back(0);
    inner_->claims_of.push_back(0);
}

CallList::~CallList() = default;

void CallList::put(const archive::Brief& call) {
    auto& in = *inner_;
    const auto id = pack_id(call.id);
    if (!id)
        return;
    Row row;
    row.purpose = row.sealed_purpose = static_cast<std::uint8_t>(call.purpose);
    if (const Row* known = in.row_of(call.id)) {  // what people made of it stays
        row.tags = known->tags;
        row.notes = known->notes;
        row.flags = known->flags & Flag::kept;
        if (known->purpose != known->sealed_purpose)
            row.purpose = known->purpose;
        remove(call.id);
    }
    row.started = call.started.ns;
    row.id = *id;
    row.duration_ms = static_cast<std::uint32_t>(std::clamp<std::int64_t>(
        to_ms(call.duration), 0, std::numeric_limits<std::uint32_t>::max()));
    row.parties_at = static_cast<std::uint32_t>(in.parties.size());
    row.parties = static_cast<std::uint8_t>(std::min<std::size_t>(call.parties.size(), 255));
    for (std::size_t i = 0; i < row.parties; ++i)
        in.parties.push_back(
            {in.learn_number(call.parties[i].number), in.learn_name(call.parties[i].name)});
    row.basis = static_cast<std::uint8_t>(call.basis);
    row.door = static_cast<std::uint8_t>(call.door);
    if (call.is_answered)
        row.flags |= Flag::answered;
    if (call.has_sound)
        row.flags |= Flag::sound;
    in.started_of[*id] = row.started;
    in.rows.insert(std::lower_bound(in.rows.begin(), in.rows.end(), row, is_before), row);
}

void CallList::remove(std::string_view id) {
    auto& in = *inner_;
    const Row* row = in.row_of(id);
    if (row == nullptr)
        return;
    in.started_of.erase(row->id);
    in.rows.erase(in.rows.begin() + (row - in.rows.data()));
}

void CallList::clear() {
    inner_->rows.clear();
    inner_->parties.clear();
    inner_->started_of.clear();
}

void CallList::mark(std::string_view id, const Marked& marked) {
    Row* row = inner_->row_of(id);
    if (row == nullptr)
        return;
    row->purpose =
        marked.purpose ? static_cast<std::uint8_t>(*marked.purpose) : row->sealed_purpose;
    row->flags = static_cast<std::uint8_t>((row->flags & ~unsigned{Flag::kept}) |
                                           (marked.is_kept ? unsigned{Flag::kept} : 0U));
    row->notes = marked.notes;
    row->tags = inner_->tag_set(marked.tags);
}

void CallList::set_people(std::vector<Person> people) {
    auto& in = *inner_;
    in.people = std::move(people);
    in.person_by_id.clear();
    in.person_by_canonical.clear();
    for (std::uint32_t i = 0; i < in.people.size(); ++i) {
        in.person_by_id.emplace(in.people[i].id, i);
        for (const auto& number : in.people[i].numbers)
            in.person_by_canonical.emplace(canonical_number(number, in.country), i);
    }
    for (std::uint32_t id = 1; id < in.canonicals.size(); ++id)
        in.look_up(id);
}

void CallList::set_claims(std::span<const Claim> claims) {
    auto& in = *inner_;
    in.accounts_of.clear();
    in.claim_sets.assign(1, {});
    for (const auto& claim : claims)
        for (const auto& number : claim.numbers)
            if (auto canonical = canonical_number(number, in.country); !canonical.empty())
                in.accounts_of[std::move(canonical)].push_back(claim.account);
    for (std::uint32_t id = 1; id < in.canonicals.size(); ++id)
        in.look_up(id);
}

namespace {

// Where a page ended: what it is sorted by, and the row itself.
struct Cursor {
    std::uint64_t value = 0;
    std::int64_t started = 0;
    std::uint64_t id = 0;

    [[nodiscard]] std::string text() const {
        return std::to_string(value) + "." + std::to_string(started) + "." + std::to_string(id);
    }
    static std::optional<Cursor> read(std::string_view text) {
        Cursor out;
        const auto take = [&text](auto& value) {
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), value);
            if (error != std::errc())
                return false;
            text.remove_prefix(static_cast<std::size_t>(end - text.data()));
            if (text.starts_with('.'))
                text.remove_prefix(1);
            return true;
        };
        if (!take(out.value) || !take(out.started) || !take(out.id) || !text.empty())
            return std::nullopt;
        return out;
    }
};

}  // namespace

CallPage CallList::page(const Viewer& viewer, const CallQuery& query) const {
    const auto& in = *inner_;
    CallPage page;
    if (query.wants_total)
        page.total = 0;
    const auto sieve = in.sieve_of(query);
    const auto after = Cursor::read(query.after);
    if (sieve.is_hopeless || (!after && !query.after.empty()))
        return page;
    const auto lens = in.lens_of(viewer);
    const bool is_by_length = query.sort == Sort::longest || query.sort == Sort::shortest;
    const bool is_downwards = query.sort == Sort::newest || query.sort == Sort::longest;
    // Whether a comes before b on the pages.
    const auto comes_first = [&](const Row& a, const Row& b) {
        if (is_by_length && a.duration_ms != b.duration_ms)
            return (a.duration_ms > b.duration_ms) == is_downwards;
        return is_downwards ? is_before(b, a) : is_before(a, b);
    };
    Row last;
    if (after) {
        last.duration_ms = static_cast<std::uint32_t>(after->value);
        last.started = after->started;
        last.id = after->id;
    }
    std::vector<const Row*> found;
    const auto consider = [&](const Row& row) {
        if (!in.passes(row, sieve) ||
            !lens.sees.of(row.purpose, in.relations(row, lens.by_claims)).is_allowed)
            return;
        if (page.total)
            ++*page.total;
        if (after && !comes_first(last, row))
            return;
        if (!is_by_length) {
            if (found.size() <= query.limit)
                found.push_back(&row);
            return;
        }
        const auto first = [&](const Row* a, const Row* b) { return comes_first(*a, *b); };
        found.insert(std::upper_bound(found.begin(), found.end(), &row, first), &row);
        if (found.size() > query.limit + 1)
            found.pop_back();
    };
    const auto by_start = [](const Row& row, std::int64_t started) {
        return row.started < started;
    };
    auto from = std::lower_bound(in.rows.begin(), in.rows.end(), sieve.from, by_start);
    auto to = std::lower_bound(in.rows.begin(), in.rows.end(), sieve.to, by_start);
    // Where no total is asked for, nothing that an earlier page had is looked at again.
    if (after && !is_by_length && !page.total) {
        const auto there = std::lower_bound(in.rows.begin(), in.rows.end(), last, is_before);
        (is_downwards ? to : from) = is_downwards ? std::min(to, there) : std::max(from, there);
    }
    const auto is_enough = [&] {
        return !page.total && !is_by_length && found.size() > query.limit;
    };
    if (is_downwards)
        for (auto at = to; at > from && !is_enough();)
            consider(*--at);
    else
        for (auto at = from; at < to && !is_enough(); ++at)
            consider(*at);
    if (found.size() > query.limit) {
        found.resize(query.limit);
        if (!found.empty())
            page.next =
                Cursor{found.back()->duration_ms, found.back()->started, found.back()->id}.text();
    }
    for (const Row* row : found)
        page.rows.push_back(in.show(*row, lens));
    return page;
}

bool CallList::has(std::string_view id) const {
    return std::as_const(*inner_).row_of(id) != nullptr;
}

std::optional<CallRow> CallList::find(const Viewer& viewer, std::string_view id) const {
    const Row* row = std::as_const(*inner_).row_of(id);
    if (row == nullptr)
        return std::nullopt;
    const auto lens = inner_->lens_of(viewer);
    if (!lens.sees.of(row->purpose, inner_->relations(*row, lens.by_claims)).is_allowed)
        return std::nullopt;
    return inner_->show(*row, lens);
}

purpose::Decision CallList::may(const Viewer& viewer, Action action, std::string_view id) const {
    const Row* row = std::as_const(*inner_).row_of(id);
    if (row == nullptr)
        return {};
    const auto relations = inner_->relations(*row, inner_->relations_by_claims(viewer));
    return purpose::may(viewer.roles, action, static_cast<purpose::Purpose>(row->purpose),
                        relations_of(relations));
}

std::vector<CallList::Tally> CallList::count_by_person(const Viewer& viewer) const {
    const auto& in = *inner_;
    const auto lens = in.lens_of(viewer);
    std::vector<Tally> out(in.people.size());
    std::vector<std::uint32_t> counted;
    for (const auto& row : in.rows) {
        if (!lens.sees.of(row.purpose, in.relations(row, lens.by_claims)).is_allowed)
            continue;
        counted.clear();
        for (const auto& party : in.parties_of(row)) {
            const auto person = in.person_of[in.canonical[party.number]];
            if (person == 0 || std::find(counted.begin(), counted.end(), person) != counted.end())
                continue;
            counted.push_back(person);
            ++out[person - 1].calls;
            out[person - 1].last = std::max(out[person - 1].last, WallTime{row.started});
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::uint64_t>> CallList::count_by_tag(
    const Viewer& viewer) const {
    const auto& in = *inner_;
    const auto lens = in.lens_of(viewer);
    std::vector<std::uint64_t> by_set(in.tag_sets.size(), 0);
    for (const auto& row : in.rows)
        if (row.tags != 0 &&
            lens.sees.of(row.purpose, in.relations(row, lens.by_claims)).is_allowed)
            ++by_set[row.tags];
    std::map<std::string, std::uint64_t> by_tag;
    for (std::size_t set = 0; set < by_set.size(); ++set)
        if (by_set[set] > 0)
            for (const auto tag : in.tag_sets[set])
                by_tag[in.tags.text(tag)] += by_set[set];
    return {by_tag.begin(), by_tag.end()};
}

const std::vector<Person>& CallList::people() const {
    return inner_->people;
}

const Person* CallList::person_of(std::string_view number) const {
    const auto known = inner_->person_by_canonical.find(canonical_number(number, inner_->country));
    return known == inner_->person_by_canonical.end() ? nullptr : &inner_->people[known->second];
}

std::uint8_t CallList::color_of(std::string_view number) const {
    return inner_->color_of_canonical(
        inner_->learn_canonical(canonical_number(number, inner_->country)));
}

const std::string& CallList::country() const {
    return inner_->country;
}

std::size_t CallList::size() const {
    return inner_->rows.size();
}

std::size_t CallList::bytes() const {
    const auto& in = *inner_;
    constexpr std::size_t of_a_word = 128;  // the text, its place, its entry
    return in.rows.capacity() * sizeof(Row) + in.parties.capacity() * sizeof(RowPartyIds) +
           in.started_of.size() * 40 +
           (in.numbers.size() + in.names.size() + in.canonicals.size()) * of_a_word;
}

}  // namespace nk::listener
