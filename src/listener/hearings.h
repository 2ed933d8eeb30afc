#pragma once
// Who hears what just now. A player fetches a recording in many requests; to the custody log it is
// one hearing: told when it begins, before the first byte leaves, and told again with from where to
// where when nothing more was asked for a while. A download is begun in the same way, and told
// once.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/time.h"
#include "custody/log.h"

namespace nk::listener {

class Hearings {
public:
    using Tell = std::function<bool(const custody::Event&)>;

    // Somebody asks for a stretch of it: what "hearing" or "downloaded". False when it is a new
    // hearing and could not be told; then nothing of it may leave.
    bool begin(const custody::Event& hearing, MonoTime now, const Tell& tell);
    // So much of a hearing left.
    void sent(const std::string& who, const std::string& recording, std::int64_t from_ms,
              std::int64_t to_ms, MonoTime now);
    // Tells of those that are over; of all of them when `all`.
    void end_old(MonoTime now, const Tell& tell, bool all = false);

    [[nodiscard]] std::size_t size() const { return hearings_.size(); }

private:
    struct Hearing {
        custody::Event event;
        std::int64_t from_ms = 0;
        std::int64_t to_ms = 0;
        bool was_sent = false;
        MonoTime last;
    };
    static std::string key_of(const std::string& what, const std::string& who,
                              const std::string& recording) {
        return what + " " + who + " " + recording;
    }
    static void finish(Hearing& hearing, const Tell& tell);
    std::map<std::string, Hearing> hearings_;
};

}  // namespace nk::listener
