#pragma once
// Frames into a pcap file.

#include <cstdio>
#include <memory>
#include <string>

#include "frame_sink.h"

namespace nk::generate {

class PcapFile : public FrameSink {
public:
    static Result<std::unique_ptr<FrameSink>> create(const std::string& path, bool nanoseconds);

    PcapFile(std::FILE* file, std::string path, bool nanoseconds);
    void take(std::int64_t at_ns, Bytes frame) override;
    Result<void> finish() override;

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Close> file_;
    std::string path_;
    bool nanoseconds_;
    bool failed_ = false;
};

}  // namespace nk::generate
