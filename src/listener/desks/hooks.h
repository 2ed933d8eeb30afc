#pragma once
// Addresses that programs on telephones send recordings to, each in its own manner. An address
// names an API token, and the request shows it: nobody else's body is read.

#include <cstddef>
#include <deque>
#include <vector>

#include "listener/counter.h"
#include "listener/desks/imports.h"

namespace nk::listener {

class HookDesk {
public:
    HookDesk(Counter& counter, ImportDesk& imports) : counter_(counter), imports_(imports) {}
    void add_routes(std::vector<Route>& routes);
    // How many bytes a body may have that is sent there; 0 when that is no address of ours.
    [[nodiscard]] std::size_t body_bytes_max(const HttpRequest& request);

private:
    void acr_phone(const Asked& ask);

    Counter& counter_;
    ImportDesk& imports_;
    std::deque<MonoTime> granted_;  // large bodies that are on their way
};

}  // namespace nk::listener
