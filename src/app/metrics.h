#pragma once
// What `naklank serve` says of itself: Prometheus' text format on /metrics, and whether it is well.

#include <string>

#include "app/run.h"
#include "app/siprec_door.h"

namespace nk::app {

// Prometheus' exposition format, version 0.0.4.
// `archive` is its folder; `door` null when there is none.
std::string metrics_text(Run& run, SiprecDoor* door, const std::string& archive);

}  // namespace nk::app
