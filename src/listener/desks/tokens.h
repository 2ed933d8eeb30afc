#pragma once
// API tokens: what programs come in with. A token does what its account may, as far as its scopes
// go; it makes no tokens, and signs nobody in.

#include <vector>

#include "listener/counter.h"

namespace nk::listener {

class TokenDesk {
public:
    explicit TokenDesk(Counter& counter) : counter_(counter) {}
    void add_routes(std::vector<Route>& routes);

private:
    void list(const Asked& ask);
    void add(const Asked& ask);
    void remove(const Asked& ask);

    Counter& counter_;
};

}  // namespace nk::listener
