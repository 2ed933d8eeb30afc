// Fills a catalogue with made-up recordings, so that the window's list can be measured at a size
// that nobody records for it: naklank-fill-catalogue ARCHIVE CALLS [SEED]. There is nothing behind
// the rows.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "archive/catalogue.h"
#include "archive/layout.h"

namespace {

using namespace nk;

class SeededRandom : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>(engine_());
    }
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

private:
    std::mt19937_64 engine_;
};

constexpr std::size_t rows_at_once = 2'000;
constexpr std::uint64_t extensions = 200;
constexpr std::uint64_t customers = 200'000;

// A company: 200 extensions that speak with 200,000 customers in the course of three years, most of
// them by day and in the week.
recording::RecordingFacts make(SeededRandom& random, std::uint64_t number, std::uint64_t calls) {
    constexpr std::int64_t first = 1'690'000'000;
    constexpr std::int64_t three_years = 3LL * 365 * 86'400;
    recording::RecordingFacts facts;
    const auto second =
        first + static_cast<std::int64_t>(static_cast<double>(number) / static_cast<double>(calls) *
                                          static_cast<double>(three_years));
    facts.started =
        WallTime{second * 1'000'000'000 + static_cast<std::int64_t>(random.below(1'000'000'000))};
    facts.id = archive::make_id(facts.started, random);
    facts.uuid = archive::make_uuid(facts.started, random);
    facts.duration = seconds(static_cast<std::int64_t>(10 + random.below(20) * random.below(60)));
    facts.sealed_at = facts.started + facts.duration;
    constexpr std::array purposes{purpose::Purpose::training, purpose::Purpose::training,
                                  purpose::Purpose::training, purpose::Purpose::agreement,
                                  purpose::Purpose::wording};
    facts.purpose = purposes.at(random.below(purposes.size()));
    facts.basis = purpose::Basis::company;
    facts.door = random.below(4) == 0 ? purpose::Door::tap : purpose::Door::siprec;
    facts.call.answered = true;
    facts.audio.emplace();
    const auto extension = random.below(extensions);
    const auto customer = random.below(customers);
    call::Party own{"", fmt::format("{}", 200 + extension), fmt::format("Colleague {}", extension),
                    ""};
    call::Party other{"", fmt::format("06{:08}", 10'000'000 + customer * 37),
                      customer % 3 == 0 ? fmt::format("Customer {}", customer) : "", ""};
    const bool is_outgoing = random.below(3) == 0;
    facts.call.parties = is_outgoing ? std::vector{own, other} : std::vector{other, own};
    facts.call.parties[0].role = "caller";
    facts.call.parties[1].role = "callee";
    return facts;
}

int fill(const std::string& archive, std::uint64_t calls, std::uint64_t seed) {
    auto catalogue = archive::Catalogue::open(archive::catalogue_path(archive));
    if (!catalogue) {
        fmt::print(stderr, "{}\n", catalogue.error().what);
        return 1;
    }
    SeededRandom random(seed);
    for (std::uint64_t done = 0; done < calls;) {
        std::vector<recording::RecordingFacts> some;
        std::vector<const recording::RecordingFacts*> pointers;
        for (; some.size() < rows_at_once && done < calls; ++done)
            some.push_back(make(random, done, calls));
        for (const auto& facts : some)
            pointers.push_back(&facts);
        if (const auto entered = (*catalogue)->insert_all(pointers); !entered) {
            fmt::print(stderr, "{}\n", entered.error().what);
            return 1;
        }
    }
    fmt::print("{} recordings in {}\n", calls, archive::catalogue_path(archive));
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        fmt::print(stderr, "naklank-fill-catalogue ARCHIVE CALLS [SEED]\n");
        return 2;
    }
    return fill(arguments[1], std::strtoull(arguments[2], nullptr, 10),
                count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 1);
}
