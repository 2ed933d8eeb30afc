#pragma once
// naklank-media at the other end: opens files of sound and archives for us. It is started when it
// is first needed, and again when it is gone. A file on which its process ends gives an error that
// says how; a look that somebody else ended, by a kill from outside, is begun once more. One
// strand's.

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "base/media.h"
#include "base/time.h"

namespace nk::host {

class MediaHelper : public Media {
public:
    // `program`: where naklank-media is (find_helper). `wait`: for the next piece of an answer.
    // `cpu_s`: so much of a processor a small file may take; a large one by its size more.
    explicit MediaHelper(std::string program, Nanos wait = seconds(60), std::uint32_t cpu_s = 20);
    ~MediaHelper() override;

    Result<void> begin_look(const std::string& path, const std::string& name) override;
    Result<MediaFacts> end_look() override;
    Result<void> decode(const std::string& path, const std::string& name, std::int64_t from_ms,
                        std::int64_t to_ms, const TakeShape& shape,
                        const TakeSamples& take) override;
    Result<void> wrap_anew(const std::string& path, const std::string& name,
                           const TakeBytes& take) override;
    Result<void> unpack(const std::string& path, const TakeFile& begin,
                        const TakeBytes& take) override;

private:
    class Process;
    class Talk;
    struct Look;
    Result<std::shared_ptr<Process>> process();
    Result<MediaFacts> hear(Talk& talk);

    std::string program_;
    Nanos wait_;
    std::uint32_t cpu_s_;
    std::shared_ptr<Process> process_;  // a talk holds on to the one that it began with
    std::deque<Look> looks_;            // that have begun, the oldest first
};

}  // namespace nk::host
