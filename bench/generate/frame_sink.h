#pragma once
// Where made frames go, in the order of time: a file, or an interface at their own pace.

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace nk::generate {

class FrameSink {
public:
    virtual ~FrameSink() = default;

    // An Ethernet frame of that moment, not earlier than the last. The bytes are the caller's again
    // afterwards. After a failure nothing is taken any more, and finish() says why.
    virtual void take(std::int64_t at_ns, Bytes frame) = 0;
    virtual Result<void> finish() = 0;
};

}  // namespace nk::generate
