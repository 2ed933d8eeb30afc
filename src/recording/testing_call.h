#pragma once
// For tests only: a call whose packets a test sends by hand, recorded onto a desk in memory, and
// read back sample by sample.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "call/call.h"
#include "recording/call_recorder.h"
#include "sound/flac.h"
#include "sound/g711.h"

namespace nk::recording::testing {

using Contents = std::map<std::string, std::shared_ptr<std::vector<std::uint8_t>>>;

class MemoryFile : public File {
public:
    explicit MemoryFile(std::shared_ptr<std::vector<std::uint8_t>> bytes)
        : bytes_(std::move(bytes)) {}
    Result<void> write(Bytes bytes) override {
        bytes_->insert(bytes_->end(), bytes.begin(), bytes.end());
        return {};
    }
    Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
        std::copy(bytes.begin(), bytes.end(),
                  bytes_->begin() + static_cast<std::ptrdiff_t>(offset));
        return {};
    }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
        if (offset >= bytes_->size())
            return 0;
        const std::size_t got = std::min<std::size_t>(out.size(), bytes_->size() - offset);
        std::copy_n(bytes_->begin() + static_cast<std::ptrdiff_t>(offset), got, out.begin());
        return got;
    }
    Result<std::uint64_t> size() override { return bytes_->size(); }
    Result<void> sync() override { return {}; }

private:
    std::shared_ptr<std::vector<std::uint8_t>> bytes_;
};

class MemoryDesk : public Desk {
public:
    explicit MemoryDesk(Contents& contents) : contents_(contents) {}
    Result<std::unique_ptr<File>> create(const std::string& name) override {
        contents_[name] = std::make_shared<std::vector<std::uint8_t>>();
        return open(name);
    }
    Result<std::unique_ptr<File>> open(const std::string& name) override {
        return std::make_unique<MemoryFile>(contents_.at(name));
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        contents_[to] = contents_.at(from);
        contents_.erase(from);
        return {};
    }
    Result<void> remove(const std::string& name) override {
        contents_.erase(name);
        return {};
    }
    Result<void> describe(RecordingFacts&) override { return {}; }
    void discard() override { contents_.clear(); }

private:
    Contents& contents_;
};

// A desk of a shelf, with contents of its own that outlive it when they are published.
class ShelfDesk : public MemoryDesk {
public:
    ShelfDesk(Name name, std::shared_ptr<Contents> contents)
        : MemoryDesk(*contents), name_(std::move(name)), contents_(std::move(contents)) {}
    Result<void> describe(RecordingFacts& facts) override {
        facts.id = name_.id;
        facts.uuid = name_.uuid;
        return {};
    }
    [[nodiscard]] const std::string& id() const { return name_.id; }
    [[nodiscard]] std::shared_ptr<Contents> contents() const { return contents_; }

private:
    Name name_;
    std::shared_ptr<Contents> contents_;
};

// A shelf in memory: a recording is on it when it was published, and not before.
class MemoryShelf : public Shelf {
public:
    Name name(WallTime) override {
        const std::string number = std::to_string(++named_);
        return {"id-" + number, "uuid-" + number};
    }
    Result<std::unique_ptr<Desk>> begin(const Name& name) override {
        return std::make_unique<ShelfDesk>(name, std::make_shared<Contents>());
    }
    std::vector<Result<void>> publish(std::span<Finished> all) override {
        std::vector<Result<void>> outcomes;
        for (const auto& finished : all) {
            const auto& desk = static_cast<const ShelfDesk&>(*finished.desk);
            if (refused.contains(desk.id())) {
                outcomes.push_back(refuse(Code::disk_full, Blame::machine, "the disk is full"));
                continue;
            }
            desks[desk.id()] = desk.contents();
            outcomes.emplace_back();
        }
        return outcomes;
    }
    Result<bool> has(const Name& name) override { return desks.contains(name.id); }
    Name further_name(const Name& first, std::uint64_t which) override {
        return {first.id + "+" + std::to_string(which), first.uuid + "+" + std::to_string(which)};
    }

    std::map<std::string, std::shared_ptr<Contents>> desks;  // by id: what was published
    std::set<std::string> refused;                           // ids that cannot be published now

private:
    int named_ = 0;
};

class TestClock : public Clock {
public:
    [[nodiscard]] MonoTime now() const override { return mono; }
    [[nodiscard]] WallTime wall() const override { return at; }
    MonoTime mono{};
    WallTime at{1'700'000'000'000'000'000};
};

// What came of a call: its facts, and each channel's samples.
struct Recorded {
    RecordingFacts facts;
    std::vector<std::vector<std::int16_t>> channels;

    [[nodiscard]] const TrackFacts& track(std::uint32_t number) const {
        for (const auto& t : facts.tracks)
            if (t.number == number)
                return t;
        static const TrackFacts none;
        return none;
    }
    [[nodiscard]] bool is_odd(const std::string& name) const {
        for (const auto& oddity : facts.call.oddities)
            if (oddity.name == name)
                return true;
        return false;
    }
};

// The payload of packet number n of a party: recognisable, never digital silence.
inline std::vector<std::uint8_t> voice(std::uint32_t n, std::size_t bytes = 160) {
    std::vector<std::uint8_t> payload(bytes);
    std::uint32_t x = n * 2'654'435'761U + 12'345;
    for (auto& byte : payload) {
        x = x * 1'664'525U + 1'013'904'223U;
        byte = static_cast<std::uint8_t>(x >> 24);
    }
    return payload;
}

inline std::vector<std::int16_t> heard_alaw(const std::vector<std::uint8_t>& payload) {
    std::vector<std::int16_t> samples;
    for (const auto byte : payload)
        samples.push_back(sound::alaw_table[byte]);
    return samples;
}

class TestCall {
public:
    TestCall() : call_(1, start, WallTime{1'700'000'000'000'000'000}) {
        recorder_ = std::make_unique<CallRecorder>(CallOptions{}, decoders_, scratch_,
                                                   std::make_unique<MemoryDesk>(contents_), start,
                                                   WallTime{1'700'000'000'000'000'000});
    }
    struct Sent {
        std::size_t party = 0;
        std::uint16_t number = 0;
        std::uint32_t timestamp = 0;
        double at_ms = 0;
        std::vector<std::uint8_t> payload{};
        std::uint8_t type = 8;
        std::uint32_t ssrc = 0x1000;
        bool marker = false;
    };
    void send(const Sent& sent) {
        const MonoTime at = start + Nanos(static_cast<std::int64_t>(sent.at_ms * 1e6));
        auto& track = *call_.track(sent.party, 0);
        recorder_->hears(track, {.arrival = at,
                                 .ssrc = sent.ssrc + static_cast<std::uint32_t>(sent.party),
                                 .timestamp = sent.timestamp,
                                 .sequence = sent.number,
                                 .marker = sent.marker,
                                 .payload_type = sent.type,
                                 .payload = sent.payload});
        ++call_.media_packets;
        if (at - recorder_->last_emit() >= milliseconds(500))
            recorder_->emit(at);
    }
    // Packet n of a clean 20 ms A-law stream, `late_ms` after its time.
    void send_clean(std::size_t party, std::uint32_t n, double late_ms = 0, double begin_ms = 0) {
        send({party, static_cast<std::uint16_t>(100 + n), 160 * n, begin_ms + 20.0 * n + late_ms,
              voice(n + 100'000 * static_cast<std::uint32_t>(party))});
    }
    // The signalling says whether the party sends.
    void hold(std::size_t party, bool is_held) {
        auto& track = *call_.track(party, 0);
        track.may_send = !is_held;
        recorder_->learns(track);
    }
    // The machine drops packets, between two moments of the call; of any track, or of one.
    void drop(double from_ms, double to_ms, std::uint64_t packets,
              std::optional<std::size_t> track = {}, bool is_withheld = false) {
        recorder_->dropped({start + Nanos(static_cast<std::int64_t>(from_ms * 1e6)),
                            start + Nanos(static_cast<std::int64_t>(to_ms * 1e6)), packets, track,
                            is_withheld});
    }
    call::Call& call() { return call_; }
    Recorded finish() {
        Recorded recorded;
        const auto ended = recorder_->end_sound();
        auto finished = ended ? recorder_->finish(call_, WallTime{1'700'000'100'000'000'000})
                              : Result<Finished>(tl::unexpected(ended.error()));
        if (!finished)
            return recorded;
        recorded.facts = std::move(finished->facts);
        if (!recorded.facts.audio)
            return recorded;
        MemoryFile file(contents_.at("audio.flac"));
        auto reader = sound::read_flac(file);
        recorded.channels.resize((*reader)->shape().channels);
        for (;;) {
            const auto block = (*reader)->read();
            if (!block || block->empty())
                break;
            for (std::size_t i = 0; i < block->size(); ++i)
                recorded.channels[i % recorded.channels.size()].push_back((*block)[i]);
        }
        return recorded;
    }
    Contents& contents() { return contents_; }

private:
    static constexpr MonoTime start{1'000'000'000'000};
    Contents contents_;
    std::vector<std::int16_t> scratch_;
    sound::OwnDecoders decoders_;
    call::Call call_;
    std::unique_ptr<CallRecorder> recorder_;
};

}  // namespace nk::recording::testing
