#pragma once
// Brings near what the next packets will need.
//
// The packets of thousands of calls come in turn. When a call's next packet comes, what the last
// one left in the cache is gone, and the packet would wait for its flow, then for the flow's call,
// then for the call's place in the journal. Here the packets at hand wait for each of these
// together.

#include <optional>
#include <span>

#include "call/book.h"
#include "intake/tap/flows.h"
#include "wire/frame.h"

namespace nk::tap {

// A hint, and nothing else: it neither makes nor changes anything. At most
// limits::packets_at_once.
void look_ahead(std::span<const std::optional<wire::Frame>> frames, const Flows& flows,
                const call::Book& book);

}  // namespace nk::tap
