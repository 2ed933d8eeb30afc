#pragma once
// How this house's recorders name their files: templates that people write, tried on names of their
// own before they are kept.

#include <vector>

#include "listener/bringer.h"
#include "listener/counter.h"

namespace nk::listener {

class NameTemplateDesk {
public:
    NameTemplateDesk(Counter& counter, Bringer* bringer) : counter_(counter), bringer_(bringer) {}
    void add_routes(std::vector<Route>& routes);

private:
    void list(const Asked& ask);
    void set(const Asked& ask);
    void preview(const Asked& ask);
    // False, and the ask is answered, when it is not theirs to do.
    bool may_bring(const Asked& ask);

    Counter& counter_;
    Bringer* bringer_;  // null where nothing can be brought
};

}  // namespace nk::listener
