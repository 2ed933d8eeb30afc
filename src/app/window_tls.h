#pragma once
// The certificate of the window: the operator's, or one of our own that is made at the first start
// and again before it is over.

#include <optional>
#include <string>

#include "app/serve_plan.h"
#include "base/clock.h"
#include "base/result.h"
#include "host/tls_files.h"

namespace nk::app {

// None on a loopback address, where nobody listens in.
Result<std::optional<host::TlsFiles>> window_tls(const ServePlan& plan, const Clock& clock);

// Where one of our own making is, when it has been made.
host::TlsFiles own_tls(const std::string& state);

}  // namespace nk::app
