#pragma once
// Frames onto a live interface, each when its time has come: an AF_PACKET socket, up to 64 frames a
// system call. The first frame goes at once; the others follow as far apart as their times are,
// divided by the speed. One that is due is never left out: when this machine cannot keep up it is
// late, and how late is counted.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frame_sink.h"
#include "host/descriptor.h"

namespace nk::generate {

class InterfaceSender : public FrameSink {
public:
    // Needs CAP_NET_RAW.
    static Result<std::unique_ptr<InterfaceSender>> open(const std::string& name, double speed);

    InterfaceSender(host::Descriptor socket, std::string name, double speed);
    void take(std::int64_t at_ns, Bytes frame) override;
    Result<void> finish() override;

    struct Counts {
        std::uint64_t sent = 0;
        std::int64_t lasted_ns = 0;     // from the first to the last
        std::int64_t late_max_ns = 0;   // behind its time
        std::int64_t late_mean_ns = 0;  // of a packet
    };
    [[nodiscard]] Counts counts() const;

private:
    static constexpr std::size_t batch_max = 64;

    void flush();

    host::Descriptor socket_;
    std::string name_;
    double speed_;
    std::optional<Error> trouble_;
    std::int64_t first_at_ns_ = 0;  // the frame's time
    std::int64_t began_ns_ = 0;     // when it went, on the machine's clock; 0 before that
    std::int64_t last_ns_ = 0;
    // What waits: frames one after the other, and where each ends.
    std::vector<std::uint8_t> bytes_;
    std::array<std::size_t, batch_max> ends_{};
    std::array<std::int64_t, batch_max> due_ns_{};
    std::size_t waiting_ = 0;
    std::uint64_t sent_ = 0;
    std::int64_t late_max_ns_ = 0;
    std::int64_t late_sum_ns_ = 0;
};

}  // namespace nk::generate
