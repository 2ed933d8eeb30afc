// The fault staircase: two calls are recorded again and again, and each time the next operation of
// the disk is the one that fails. Whatever the step: what is in the archive is whole, nothing is
// there twice, and nothing is missing but what the promise of one second allows.

#include <gtest/gtest.h>

#include "app/testing_found.h"

namespace nk::app::testing {
namespace {

constexpr Nanos step = milliseconds(50);  // between two turns of the other strands
constexpr Nanos promise = seconds(1);     // of a running call, a crash takes no more

const std::vector<Sent>& traffic() {
    static const std::vector<Sent> sent = [] {
        Network network;
        network.call({.number = 1, .begins = milliseconds(0), .talks = milliseconds(900)});
        network.call({.number = 2, .begins = milliseconds(300), .talks = milliseconds(2'600)});
        return network.take();
    }();
    return sent;
}

const Sounds& sounds() {
    static const Sounds all(traffic());
    return all;
}

// Plays the traffic until it ends, or until then, or the disk has failed and `stops_then`. True
// when all was played; `now` tells how far it came.
bool play(Machine& machine, MemoryDisk& disk, SetClock& clock, bool stops_then, Nanos& now,
          Nanos until = hours(1)) {
    Nanos next_turn{0};
    for (const auto& packet : traffic()) {
        if (packet.at >= until)
            return false;
        while (next_turn <= packet.at) {
            clock.pass(next_turn - now);
            now = next_turn;
            machine.turn();
            next_turn += step;
            if (stops_then && disk.has_failed())
                return false;
        }
        clock.pass(packet.at - now);
        now = packet.at;
        machine.take(packet.ip_packet);
    }
    for (int quiet = 0; quiet < 200; ++quiet) {  // ten seconds, in which the calls are sealed
        clock.pass(step);
        now += step;
        machine.turn();
        if (stops_then && disk.has_failed())
            return false;
    }
    return true;
}

void expect_whole(const Archive& archive, std::uint64_t n) {
    EXPECT_TRUE(archive.problems.empty()) << "step " << n << ": " << archive.problems.front();
    for (const auto& [payload, found] : archive.payloads)
        EXPECT_EQ(found.size(), 1U) << "step " << n << ": recorded twice";
}

// Every packet that passed before `until` is there.
void expect_all(const Archive& archive, Nanos until, std::uint64_t n) {
    std::size_t missing = 0;
    for (const auto& packet : traffic())
        if (packet.payload != 0 && packet.at < until)
            missing += archive.times(packet.payload) == 0 ? 1 : 0;
    EXPECT_EQ(missing, 0U) << "step " << n << ", until " << to_ms(until) << " ms";
}

bool says_that_it_was_cut_off(const Archive& archive) {
    return std::any_of(archive.recordings.begin(), archive.recordings.end(), [](const auto& r) {
        return r.call.ending == call::Ending::recorder_stopped;
    });
}

// The disk fails for a while, or once, and the recorder runs on.
void staircase_of_errors(Code code, MemoryDisk::Failing how) {
    for (std::uint64_t n = 1;; ++n) {
        MemoryDisk disk;
        SetClock clock;
        SeededRandom random;
        disk.fail_at(n, code, how);
        Machine machine(disk, clock, random);
        if (!machine.is_running())
            continue;
        Nanos now{0};
        (void)play(machine, disk, clock, false, now);
        const bool has_failed = disk.has_failed();
        disk.fail_at(0);  // there is room again
        machine.stop();
        EXPECT_EQ(machine.unsealed(), 0U) << "step " << n;
        const auto archive = read_archive(disk, sounds());
        expect_whole(archive, n);
        expect_all(archive, hours(1), n);
        EXPECT_EQ(archive.recordings.size(), 2U) << "step " << n;
        if (!has_failed || ::testing::Test::HasFailure()) {
            EXPECT_GT(n, 50U) << "the staircase has too few steps to be one";
            return;
        }
    }
}

// The process, or the machine, stops at that operation; another run finishes what it left, and that
// one is stopped at an operation of its own.
void staircase_of_crashes(bool takes_the_power) {
    for (std::uint64_t n = 1;; ++n) {
        MemoryDisk disk;
        SetClock clock;
        SeededRandom random;
        Nanos now{0};
        bool was_running = false;
        disk.fail_at(n);
        {
            Machine machine(disk, clock, random);
            was_running = machine.is_running();
            if (was_running && play(machine, disk, clock, true, now)) {
                machine.stop();
                if (!disk.has_failed()) {
                    EXPECT_GT(n, 50U) << "the staircase has too few steps to be one";
                    return;
                }
            }
        }
        for (const std::uint64_t again : {n % 37 + 1, std::uint64_t{0}}) {
            if (takes_the_power)
                disk.cut_power();
            disk.fail_at(again);
            clock.pass(seconds(30));
            Machine machine(disk, clock, random);
            if (machine.is_running())
                machine.stop();
        }
        disk.fail_at(0);
        const auto archive = read_archive(disk, sounds());
        expect_whole(archive, n);
        if (was_running)
            expect_all(archive, now - promise, n);
        if (!archive.recordings.empty() && now < milliseconds(2'900)) {
            EXPECT_TRUE(says_that_it_was_cut_off(archive)) << "step " << n;
        }
        {
            Machine machine(disk, clock, random);
            EXPECT_TRUE(machine.is_running());
            machine.stop();
        }
        EXPECT_EQ(read_archive(disk, sounds()).recordings.size(), archive.recordings.size())
            << "step " << n;
        if (::testing::Test::HasFailure())
            return;
    }
}

// A failure that nobody noticed shows when the power goes some time after it.
void staircase_of_failures_and_a_power_cut(Nanos power_goes) {
    for (std::uint64_t n = 1;; ++n) {
        MemoryDisk disk;
        SetClock clock;
        SeededRandom random;
        disk.fail_at(n, Code::io, MemoryDisk::Failing::once);
        {
            Machine machine(disk, clock, random);
            if (!machine.is_running())
                continue;
            Nanos now{0};
            (void)play(machine, disk, clock, false, now, power_goes);
        }
        if (!disk.has_failed()) {
            EXPECT_GT(n, 20U) << "the staircase has too few steps to be one";
            return;
        }
        disk.cut_power();
        Machine machine(disk, clock, random);
        ASSERT_TRUE(machine.is_running());
        machine.stop();
        const auto archive = read_archive(disk, sounds());
        expect_whole(archive, n);
        expect_all(archive, power_goes - promise, n);
        if (::testing::Test::HasFailure())
            return;
    }
}

TEST(staircase, a_disk_that_fails_once_and_loses_its_power_later_costs_no_more_than_that) {
    for (const Nanos power_goes : {milliseconds(1'500), milliseconds(2'500), milliseconds(20'000)})
        staircase_of_failures_and_a_power_cut(power_goes);
}
TEST(staircase, a_disk_that_fails_once_costs_nothing) {
    staircase_of_errors(Code::io, MemoryDisk::Failing::once);
}
TEST(staircase, a_disk_that_is_full_for_a_while_costs_nothing) {
    staircase_of_errors(Code::disk_full, MemoryDisk::Failing::from_then_on);
}
TEST(staircase, a_process_that_is_killed_costs_a_second_at_most) {
    staircase_of_crashes(false);
}
TEST(staircase, a_power_cut_costs_a_second_at_most) {
    staircase_of_crashes(true);
}

}  // namespace
}  // namespace nk::app::testing
