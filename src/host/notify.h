#pragma once
// Words to the service manager that started us (sd_notify(3)): "READY=1", "WATCHDOG=1",
// "STOPPING=1". Nothing happens when nobody listens.

#include <string_view>

namespace nk::host {

void notify(std::string_view state);

}  // namespace nk::host
