// The simulated run: calls of a made-up network pass a machine whose clock leaps, whose disk fails
// and whose power goes, all by one seed. What must hold: nothing in the archive is broken or there
// twice, and what passed while the machine was up is there, in its place.
//
//   make sim SEEDS=1-500      a failing seed replays exactly: make sim SEEDS=137

#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include "app/testing_found.h"

namespace nk::app::testing {
namespace {

constexpr Nanos turn_every = milliseconds(50);
constexpr Nanos promise = seconds(1);  // of a running call, a crash takes no more
// So many packets of a side, without signalling, are known for telephony beyond doubt.
constexpr std::size_t plain_without_signalling = 50;

struct Seeds {
    std::uint64_t first = 1;
    std::uint64_t last = 200;
};

Seeds seeds() {
    const char* text = std::getenv("NAKLANK_SEEDS");
    if (text == nullptr || *text == 0)
        return {};
    char* rest = nullptr;
    Seeds asked;
    asked.first = asked.last = std::strtoull(text, &rest, 10);
    if (*rest == '-')
        asked.last = std::strtoull(rest + 1, nullptr, 10);
    return asked;
}

// A stretch of the network's time in which one machine was up, and what passed meanwhile.
struct Uptime {
    Nanos from{0};
    Nanos to{0};
    bool has_crashed = false;
    std::vector<std::size_t> passed;  // by index
};

class Simulation {
public:
    explicit Simulation(std::uint64_t seed) : chance_(seed), network_(seed + 1'000'000) {
        plan();
        sent_ = network_.take();
    }
    void run() {
        for (const auto stop : stops_)
            run_until(stop);
        run_until(hours(1));
        restart();  // what the last one could not finish, the next one does
        Machine machine(disk_, clock_, ids_);
        ASSERT_TRUE(machine.is_running());
        machine.stop();
        EXPECT_EQ(machine.unsealed(), 0U);
    }
    void check();

private:
    void plan();
    void run_until(Nanos stop);
    void pass_to(Nanos at, Machine& machine);
    void restart();
    void check_presence(const Archive& archive) const;
    void check_places(const Archive& archive) const;
    [[nodiscard]] bool has_begun_in(const Uptime& uptime, std::uint32_t call) const {
        return plans_[call - 1].begins >= uptime.from;
    }

    SeededRandom chance_;
    SeededRandom ids_;
    Network network_;
    std::vector<CallPlan> plans_;
    std::vector<Nanos> stops_;
    Nanos leaps_at_ = hours(2);
    std::vector<Sent> sent_;
    MemoryDisk disk_;
    SetClock clock_;
    Nanos now_{0};
    Nanos next_turn_{0};
    std::size_t next_ = 0;
    std::vector<Uptime> up_;
};

void Simulation::plan() {
    for (unsigned number = 1, calls = 1 + chance_.roll(5); number <= calls; ++number) {
        CallPlan plan;
        plan.number = number;
        plan.begins = milliseconds(chance_.roll(4'000));
        plan.talks = milliseconds(400 + chance_.roll(6'000));
        plan.lost = chance_.roll(3) == 0 ? chance_.roll(80) : 0;
        plan.doubled = chance_.roll(4) == 0 ? chance_.roll(1'000) : 0;
        plan.late = chance_.roll(3) == 0 ? chance_.roll(200) : 0;
        plans_.push_back(plan);
        network_.call(plan);
    }
    for (unsigned crashes = chance_.roll(4); crashes > 0; --crashes)
        stops_.push_back(milliseconds(300 + chance_.roll(9'000)));
    std::sort(stops_.begin(), stops_.end());
    if (chance_.roll(3) == 0)
        leaps_at_ = milliseconds(chance_.roll(8'000));
}

void Simulation::pass_to(Nanos at, Machine& machine) {
    for (; next_turn_ <= at; next_turn_ += turn_every) {
        clock_.pass(next_turn_ - now_);
        now_ = next_turn_;
        machine.turn();
    }
    clock_.pass(at - now_);
    now_ = at;
    if (now_ >= leaps_at_) {  // the wall's clock is set; the machine's own goes on
        leaps_at_ = hours(2);
        const bool is_forward = chance_.roll(2) == 0;
        clock_.at = clock_.at + (is_forward ? hours(24 * (1 + chance_.roll(400)))
                                            : -hours(1 + chance_.roll(2'000)));
    }
}

void Simulation::run_until(Nanos stop) {
    if (stop <= now_)
        return;
    restart();
    Machine machine(disk_, clock_, ids_);
    ASSERT_TRUE(machine.is_running());
    if (chance_.roll(2) == 0)
        disk_.fail_at(1 + chance_.roll(200), chance_.roll(2) == 0 ? Code::io : Code::disk_full,
                      MemoryDisk::Failing::once);
    Uptime uptime;
    uptime.from = next_turn_ = now_;
    for (; next_ < sent_.size() && sent_[next_].at < stop; ++next_) {
        pass_to(sent_[next_].at, machine);
        machine.take(sent_[next_].ip_packet);
        uptime.passed.push_back(next_);
    }
    uptime.has_crashed = next_ < sent_.size();
    uptime.to = now_;
    up_.push_back(uptime);
    if (uptime.has_crashed)
        return;
    pass_to(now_ + seconds(10), machine);
    machine.stop();
}

// Some time is lost, perhaps the power too.
void Simulation::restart() {
    disk_.fail_at(0);
    if (up_.empty())
        return;
    if (chance_.roll(2) == 0)
        disk_.cut_power();
    const Nanos down = milliseconds(chance_.roll(1'500));
    clock_.pass(down);
    now_ += down;
    while (next_ < sent_.size() && sent_[next_].at < now_)
        ++next_;
}

void Simulation::check_presence(const Archive& archive) const {
    for (const auto& uptime : up_) {
        std::map<std::uint32_t, std::size_t> of_side;
        for (const auto i : uptime.passed)
            ++of_side[sent_[i].payload / packets_per_side_max];
        for (const auto i : uptime.passed) {
            const auto& packet = sent_[i];
            const std::uint32_t side = packet.payload / packets_per_side_max;
            if (packet.payload == 0 || (uptime.has_crashed && packet.at > uptime.to - promise))
                continue;
            if (!has_begun_in(uptime, side / 2) && of_side[side] < plain_without_signalling)
                continue;
            ASSERT_EQ(archive.times(packet.payload), 1U)
                << "call " << side / 2 << ", side " << side % 2 << ", packet "
                << packet.payload % packets_per_side_max - 1 << ", passed at " << to_ms(packet.at)
                << " ms; up from " << to_ms(uptime.from) << " to " << to_ms(uptime.to) << " ms"
                << (uptime.has_crashed ? ", crashed" : "");
        }
    }
}

// Within one recording every packet stands where its side's first one and its number say, and the
// two sides stand beside each other.
void Simulation::check_places(const Archive& archive) const {
    using Side = std::pair<std::string, std::uint32_t>;  // recording and side
    std::map<Side, std::int64_t> begins;
    for (const auto& [payload, found] : archive.payloads) {
        const std::uint32_t side = payload / packets_per_side_max;
        const std::int64_t begin = static_cast<std::int64_t>(found.front().at) -
                                   std::int64_t{160} * (payload % packets_per_side_max);
        const auto [it, is_new] = begins.try_emplace({found.front().recording, side}, begin);
        ASSERT_EQ(it->second, begin) << "call " << side / 2 << ", side " << side % 2;
    }
    constexpr std::int64_t apart_max = 8 * 60;
    for (const auto& [side, begin] : begins)
        if (side.second % 2 == 0)
            if (const auto other = begins.find({side.first, side.second + 1});
                other != begins.end()) {
                EXPECT_LE(std::abs(begin - other->second), apart_max)
                    << "the sides of call " << side.second / 2 << " are apart";
            }
}

void Simulation::check() {
    const auto archive = read_archive(disk_, Sounds(sent_));
    EXPECT_TRUE(archive.problems.empty()) << archive.problems.front();
    for (const auto& [payload, found] : archive.payloads)
        EXPECT_EQ(found.size(), 1U) << "recorded twice";
    for (const auto& recording : archive.recordings)
        for (const auto& track : recording.tracks)
            EXPECT_EQ(track.packets.dropped_by_us, 0U);
    check_presence(archive);
    check_places(archive);
}

TEST(simulation, keeps_what_passed_whatever_happens_to_the_machine) {
    for (auto [seed, last] = seeds(); seed <= last; ++seed) {
        SCOPED_TRACE("make sim SEEDS=" + std::to_string(seed));
        Simulation simulation(seed);
        simulation.run();
        simulation.check();
        if (HasFailure())
            return;
    }
}

}  // namespace
}  // namespace nk::app::testing
