#pragma once
// Who reads files that people brought: into the archive, and to be heard. On a strand of its own.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/media.h"
#include "base/time.h"
#include "purpose/purpose.h"

namespace nk::listener {

// A folder that somebody filled.
struct BringWish {
    std::string folder;
    std::map<std::string, WallTime> modified;  // by path in it, where the client said it
    purpose::Purpose purpose = purpose::Purpose::wording;
    std::string own_number;
    std::string zone;           // of times that name none; empty: the machine's
    bool names_people = false;  // contacts become people of the house
};

struct BroughtOne {
    std::string path;    // in the folder
    std::string became;  // "recording", "known", "left", "failed"
    std::string id;      // of the recording that it is
    std::string sha256;
    std::string why;
    std::string who;  // the first of the others, as far as they are known
    bool is_message = false;
    bool is_unsure = false;
};

// What has become of it so far.
struct BringNews {
    std::uint64_t total = 0;         // files of sound
    std::vector<BroughtOne> ones{};  // since the last news
    std::vector<std::string> wrong{};
    std::uint64_t people = 0;    // that an address book named
    std::uint64_t enriched = 0;  // recordings that were there, and know more now
    bool is_over = false;
    bool was_stopped = false;
    bool could_not_begin = false;  // it may another time; nothing of it was looked at
};

// What a template of names makes of a file's name.
struct NameRead {
    std::string started;  // RFC 3339; empty: it does not tell
    std::string direction;
    std::vector<std::string> numbers{};
    std::vector<std::string> names{};
};
struct NamesRead {
    std::string trouble;                          // a sentence: it is no template
    std::vector<std::optional<NameRead>> rows{};  // absent: not made by it
};

class Bringer {
public:
    virtual ~Bringer() = default;
    // `news` is called on the window's strand, the last time with is_over. False, and it never is,
    // when too many wait. `name` is for stop().
    virtual bool bring(const std::string& name, BringWish wish,
                       std::function<void(BringNews)> news) = 0;
    // It ends as soon as it can.
    virtual void stop(const std::string& name) = 0;
    // `job` on that strand, then what it gives on the window's. False, and nothing runs, when too
    // many wait.
    virtual bool post(std::function<std::function<void()>(Media&)> job) = 0;
    // What is wrong with that zone's name; empty: nothing.
    virtual std::string trouble_with_zone(const std::string& zone) = 0;
    // At once.
    virtual NamesRead read_names(const std::string& name_template, const std::string& zone,
                                 const std::vector<std::string>& names) = 0;
};

}  // namespace nk::listener
