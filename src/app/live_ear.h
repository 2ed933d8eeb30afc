#pragma once
// Between a door and the recorder: all goes on to the recorder, and the window is told of it. The
// recorder comes first, and waits for nobody: what the window does not take in time is left out.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "call/ear.h"
#include "listener/live.h"
#include "purpose/purpose.h"

namespace nk::app {

class LiveEar : public call::Ear {
public:
    // Each is called on the receiving strand, and hands its news to the window's.
    struct Window {
        std::function<void(listener::LiveCall)> on_call;
        std::function<void(std::uint64_t)> on_end;
        // `done` is to be counted up when they were taken.
        std::function<void(std::vector<listener::LivePacket>,
                           std::shared_ptr<std::atomic<std::uint64_t>> done)>
            on_packets;
    };
    LiveEar(call::Ear& next, purpose::Purpose purpose) : next_(next), purpose_(purpose) {}

    // From then on. Calls that run already are told at once.
    void tell(Window window);
    void watch_levels(bool is_on) { wants_levels_ = is_on; }
    void listen(std::uint64_t call, bool is_on);
    // Hands on what was copied. To be called some 25 times a second.
    void flush();

    void hears(call::Call& call, call::Track& track, const call::MediaPacket& packet) override;
    void withholds(call::Call& call, call::Track& track, MonoTime arrival) override {
        next_.withholds(call, track, arrival);
    }
    void misses(call::Call& call, call::Track& track, std::uint64_t packets, MonoTime from,
                MonoTime to) override {
        next_.misses(call, track, packets, from, to);
    }
    void expects(std::span<const call::Call* const> calls) override { next_.expects(calls); }
    void learns(call::Call& call, call::Track& track, MonoTime now) override {
        next_.learns(call, track, now);
    }
    void tells(call::Call& call, MonoTime now) override;
    void ends(call::Call& call, MonoTime now) override;
    void passes(MonoTime now) override { next_.passes(now); }

private:
    [[nodiscard]] bool is_wanted(const call::Call& call, const call::MediaPacket& packet) const {
        constexpr unsigned one_in = 10;
        return (wants_levels_ && packet.sequence % one_in == 0) ||
               (!listened_.empty() && listened_.contains(call.number));
    }
    void copy(const call::Call& call, const call::Track& track, const call::MediaPacket& packet);

    call::Ear& next_;
    purpose::Purpose purpose_;
    Window window_;
    bool wants_levels_ = false;
    std::set<std::uint64_t> listened_;
    std::unordered_map<std::uint64_t, listener::LiveCall> told_;
    std::vector<listener::LivePacket> copied_;
    std::uint64_t handed_ = 0;
    std::shared_ptr<std::atomic<std::uint64_t>> taken_ =
        std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace nk::app
