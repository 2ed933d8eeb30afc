// Bringing files, on a disk that fails at each of its operations in turn: what was told of as a
// recording is one, and what was not can be brought again.

#include "app/import/importer.h"

#include <deque>
#include <map>

#include <gtest/gtest.h>

#include "archive/layout.h"
#include "archive/notes.h"
#include "archive/reading.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/memory_disk.h"
#include "base/rfc3339.h"
#include "base/testing_clock.h"
#include "base/testing_random.h"

namespace nk::app {
namespace {

// Sound is what begins with "fLaC"; what follows is its essence.
class TestMedia : public Media {
public:
    explicit TestMedia(Disk& disk) : disk_(disk) {}
    Result<void> begin_look(const std::string& path, const std::string&) override {
        paths_.push_back(path);
        return {};
    }
    Result<MediaFacts> end_look() override {
        const auto path = paths_.front();
        paths_.pop_front();
        NK_TAKE(const auto bytes, read_whole(disk_, path, 1'000'000));
        const std::string text(as_text(bytes));
        if (text.find("broken") != std::string::npos)
            return refuse(Code::malformed, Blame::owner, "reading it made the reader crash");
        MediaFacts facts;
        facts.container = "flac";
        facts.codec = "flac";
        facts.rate_hz = 8'000;
        facts.channels = 1;
        facts.frames = 8'000;
        facts.packets = 1;
        facts.essence = sha256_hex(as_bytes(text.substr(5)));  // the fifth byte is a tag
        return facts;
    }
    Result<void> decode(const std::string&, const std::string&, std::int64_t, std::int64_t,
                        const TakeShape&, const TakeSamples&) override {
        return {};
    }
    Result<void> wrap_anew(const std::string&, const std::string&, const TakeBytes&) override {
        return {};
    }
    Result<void> unpack(const std::string&, const TakeFile&, const TakeBytes&) override {
        return {};
    }

private:
    Disk& disk_;
    std::deque<std::string> paths_;
};

struct House {
    House() {
        (void)disk.make_folders("/a");
        (void)disk.make_folders("/phone");
        catalogue = *archive::Catalogue::open(":memory:");
    }
    void put(const std::string& name, const std::string& text) {
        disk.put("/phone/" + name, {text.begin(), text.end()});
    }
    // What became of each, by name.
    std::map<std::string, Outcome> bring(const std::vector<std::string>& names) {
        std::map<std::string, Outcome> out;
        const auto bringing = archive::Bringing::begin(disk, clock, random, "/a");
        if (!bringing)
            return out;
        archive::Vault vault(disk, clock, random, "/a", nullptr);
        Importer importer(
            disk, media, vault, **bringing, *catalogue, "/a",
            BroughtFor{purpose::Purpose::wording, purpose::Basis::capture_file, own_number},
            own_number.empty(),
            [this](const Taken& taken) {
                const auto known = findings.find(taken.source.name);
                return known == findings.end() ? std::vector<call::Finding>{} : known->second;
            },
            [&](const Outcome& outcome) { out[outcome.source.name] = outcome; });
        for (const auto& name : names)
            importer.bring({"/phone/" + name, name, "phone", std::nullopt, "", "", false});
        importer.finish();
        return out;
    }
    std::vector<std::string> ids() { return archive::take_inventory(disk, "/a")->ids; }

    std::string own_number;  // of who brings; they speak for nobody else then
    MemoryDisk disk;
    nk::testing::HeldClock clock;
    nk::testing::StirredRandom random;
    TestMedia media{disk};
    std::unique_ptr<archive::Catalogue> catalogue;
    std::map<std::string, std::vector<call::Finding>> findings;
};

TEST(importer, makes_a_recording_of_each_file_once) {
    House house;
    house.put("a.flac", "fLaC1 first");
    house.put("b.flac", "fLaC1 second");
    house.put("copy.flac", "fLaC1 first");
    house.put("tagged.flac", "fLaC2 first");  // other bytes, the same sound
    house.put("words.txt", "no sound");
    house.put("empty.m4a", "");
    auto all =
        house.bring({"a.flac", "b.flac", "copy.flac", "tagged.flac", "words.txt", "empty.m4a"});
    EXPECT_EQ(all["a.flac"].became, Became::recording);
    EXPECT_EQ(all["b.flac"].became, Became::recording);
    EXPECT_EQ(all["copy.flac"].became, Became::known);
    EXPECT_EQ(all["tagged.flac"].became, Became::known);
    EXPECT_EQ(all["tagged.flac"].id, all["a.flac"].id);
    EXPECT_EQ(all["words.txt"].became, Became::left);
    EXPECT_EQ(all["empty.m4a"].why, "it is empty");
    EXPECT_EQ(house.ids().size(), 2U);
    EXPECT_EQ(archive::read_notes(house.disk, "/a", all["a.flac"].id)->doubles,
              (std::vector<std::string>{"copy.flac", "tagged.flac"}));
    all = house.bring({"a.flac", "b.flac"});
    EXPECT_EQ(all["a.flac"].became, Became::known);
    EXPECT_EQ(house.ids().size(), 2U);
    EXPECT_EQ(as_text(*house.disk.contents("/phone/a.flac")), "fLaC1 first");
}

// Nothing of them is in the catalogue yet when the second one comes.
TEST(importer, knows_a_double_of_one_that_waits_to_appear) {
    House house;
    house.put("a.flac", "fLaC1 first");
    house.put("tagged.flac", "fLaC2 first");
    auto all = house.bring({"a.flac", "tagged.flac"});
    EXPECT_EQ(all["tagged.flac"].became, Became::known);
    EXPECT_EQ(all["tagged.flac"].id, all["a.flac"].id);
    house.put("rotten.flac", "fLaC1 broken");
    house.put("rotten too.flac", "fLaC1 broken");
    all = house.bring({"rotten.flac", "rotten too.flac"});
    EXPECT_EQ(all["rotten too.flac"].id, all["rotten.flac"].id);
    EXPECT_EQ(house.ids().size(), 2U);
}

TEST(importer, keeps_a_file_that_nobody_can_read) {
    House house;
    house.put("a.flac", "fLaC1 broken");
    const auto all = house.bring({"a.flac"});
    EXPECT_EQ(all.at("a.flac").became, Became::recording);
    EXPECT_EQ(all.at("a.flac").why, "reading it made the reader crash");
    ASSERT_EQ(house.ids().size(), 1U);
    EXPECT_EQ(house.bring({"a.flac"}).at("a.flac").became, Became::known);
}

TEST(importer, adds_what_is_found_later) {
    House house;
    house.put("a.flac", "fLaC1 first");
    using call::Fact;
    using call::Source;
    house.findings["a.flac"] = {{Fact::name, "Oma", Source::file_name, call::Sureness::likely, ""}};
    const auto id = house.bring({"a.flac"}).at("a.flac").id;
    house.findings["a.flac"] = {
        {Fact::name, "Opa", Source::file_name, call::Sureness::likely, ""},
        {Fact::number, "+31205550001", Source::sidecar, call::Sureness::sure, ""}};
    const auto again = house.bring({"a.flac"}).at("a.flac");
    EXPECT_EQ(again.id, id);
    EXPECT_EQ(again.known.names, std::vector<std::string>{"Opa"});  // the same file, read anew
    EXPECT_EQ(again.known.numbers, std::vector<std::string>{"+31205550001"});
    EXPECT_EQ(archive::read_notes(house.disk, "/a", id)->findings.size(), 2U);
    house.bring({"a.flac"});
    EXPECT_EQ(archive::read_notes(house.disk, "/a", id)->findings.size(), 2U);
}

TEST(importer, believes_nobody_about_anothers_recording) {
    House house;
    house.put("a.flac", "fLaC1 first");
    house.own_number = "+31205550001";
    const auto id = house.bring({"a.flac"}).at("a.flac").id;
    using call::Fact;
    house.findings["a.flac"] = {
        {Fact::number, "+31205550002", call::Source::sidecar, call::Sureness::sure, ""}};
    house.own_number = "+31205550002";
    const auto theirs = house.bring({"a.flac"}).at("a.flac");
    EXPECT_EQ(theirs.id, id);
    EXPECT_TRUE(theirs.known.numbers.empty());
    EXPECT_TRUE(archive::read_notes(house.disk, "/a", id)->findings.empty());
    house.own_number = "0205550001";
    EXPECT_EQ(house.bring({"a.flac"}).at("a.flac").known.numbers.size(), 1U);
}

TEST(importer, reads_the_same_file_better_the_next_time) {
    House house;
    house.put("a.flac", "fLaC1 first");
    house.put("copy.flac", "fLaC1 first");
    using call::Fact;
    const auto started = [](const std::string& when) {
        return call::Finding{Fact::started, when, call::Source::file_name, call::Sureness::likely,
                             "zone-assumed"};
    };
    house.findings["a.flac"] = {started("2024-05-03T14:05:00Z")};
    house.bring({"a.flac"});
    house.findings["a.flac"] = {started("2024-05-03T14:05:00+02:00")};
    auto again = house.bring({"a.flac"}).at("a.flac");
    EXPECT_EQ(again.known.started, wall_time_in("2024-05-03T12:05:00Z"));
    again = house.bring({"a.flac"}).at("a.flac");
    EXPECT_EQ(archive::read_notes(house.disk, "/a", again.id)->findings.size(), 1U);
    // A double under another name says nothing against it.
    house.findings["copy.flac"] = {started("2020-01-01T00:00:00Z")};
    EXPECT_EQ(house.bring({"copy.flac"}).at("copy.flac").known.started,
              wall_time_in("2024-05-03T12:05:00Z"));
}

TEST(importer, loses_nothing_on_a_disk_that_fails_anywhere) {
    for (const auto how : {MemoryDisk::Failing::once, MemoryDisk::Failing::from_then_on})
        for (std::uint64_t n = 1;; ++n) {
            House house;
            for (const char* name : {"a.flac", "b.flac", "c.flac"})
                house.put(name, std::string("fLaC1 ") + name);
            house.disk.fail_at(n, Code::disk_full, how);
            const auto first = house.bring({"a.flac", "b.flac", "c.flac"});
            const bool has_failed = house.disk.has_failed();
            house.disk.fail_at(0);
            std::size_t made = 0;
            for (const auto& [name, outcome] : first) {
                if (outcome.became != Became::recording)
                    continue;
                ++made;
                EXPECT_TRUE(house.disk.exists(archive::recording_folder("/a", outcome.id)))
                    << n << " " << name;
            }
            EXPECT_LE(made, house.ids().size()) << n;
            // What is there and was not told of may be in no catalogue: that is made again.
            house.catalogue = *archive::Catalogue::open(":memory:");
            for (const auto& id : house.ids())
                ASSERT_TRUE(house.catalogue->insert(*archive::read_facts(house.disk, "/a", id)));
            const auto second = house.bring({"a.flac", "b.flac", "c.flac"});
            ASSERT_EQ(second.size(), 3U) << n;
            for (const auto& [name, outcome] : second)
                EXPECT_NE(outcome.became, Became::failed) << n << " " << name << outcome.why;
            EXPECT_EQ(house.ids().size(), 3U) << n;
            if (!has_failed)
                break;
        }
}

}  // namespace
}  // namespace nk::app
