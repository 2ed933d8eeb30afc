#pragma once
// Words to the service manager that started us (sd_notify(3)): "READY=1", "WATCHDOG=1",
// "STOPPING=1".

#include <string>
#include <string_view>

namespace nk::host {

// `socket` is what the manager calls NOTIFY_SOCKET; empty when nobody listens.
void notify(const std::string& socket, std::string_view state);

}  // namespace nk::host
