#pragma once
// Somebody who reads what is brought, for tests: nothing happens until it is told to.

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "listener/bringer.h"

namespace nk::listener::testing {

// Every file of it is a second of one loud voice at 8,000 Hz.
class FakeMedia : public Media {
public:
    Result<void> begin_look(const std::string&, const std::string&) override { return {}; }
    Result<MediaFacts> end_look() override {
        return refuse(Code::unsupported, Blame::owner, "nobody looks here");
    }
    Result<void> decode(const std::string&, const std::string&, std::int64_t, std::int64_t,
                        const TakeShape& shape, const TakeSamples& take) override {
        if (!trouble.empty())
            return refuse(Code::malformed, Blame::owner, trouble);
        NK_TRY(shape({8'000, 1}));
        const std::vector<std::int16_t> samples(8'000, 20'000);
        NK_TRY(take(samples));
        if (meanwhile)
            meanwhile();
        return {};
    }
    Result<void> wrap_anew(const std::string&, const std::string&, const TakeBytes& take) override {
        return take(as_bytes("OggS anew"));
    }
    Result<void> unpack(const std::string&, const TakeFile&, const TakeBytes&) override {
        return {};
    }
    std::string trouble;
    std::function<void()> meanwhile;
};

class FakeBringer : public Bringer {
public:
    bool bring(const std::string& name, BringWish wish,
               std::function<void(BringNews)> news) override {
        if (is_full)
            return false;
        wishes[name] = std::move(wish);
        told[name] = std::move(news);
        return true;
    }
    void stop(const std::string& name) override { stopped.push_back(name); }
    bool post(std::function<std::function<void()>(Media&)> job) override {
        if (is_full)
            return false;
        job(media)();
        return true;
    }
    std::string trouble_with_zone(const std::string& zone) override {
        return zone.empty() || zone == "Europe/Amsterdam" ? "" : "there is no such zone";
    }
    NamesRead read_names(const std::string& name_template, const std::string&,
                         const std::vector<std::string>& names) override {
        NamesRead read;
        if (name_template == "{")
            read.trouble = "it ends in the middle";
        for (const auto& name : names)
            read.rows.push_back(name.starts_with("oma")
                                    ? std::optional(NameRead{"", "in", {}, {"Oma"}})
                                    : std::nullopt);
        return read;
    }
    std::map<std::string, BringWish> wishes;
    std::map<std::string, std::function<void(BringNews)>> told;
    std::vector<std::string> stopped;
    FakeMedia media;
    bool is_full = false;
};

}  // namespace nk::listener::testing
