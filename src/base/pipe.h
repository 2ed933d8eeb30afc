#pragma once
// Two-way talk with a process of ours. host/ has the real one.

#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace nk {

class Pipe {
public:
    virtual ~Pipe() = default;
    virtual Result<void> send(Bytes bytes) = 0;
    // Fills all of `out`, or fails: the other side has gone or did not answer in time.
    virtual Result<void> receive(std::span<std::uint8_t> out) = 0;
};

}  // namespace nk
