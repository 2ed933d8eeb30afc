#pragma once
// People's pictures: a file each, handed out as the kind that its first bytes say it is.

#include <vector>

#include "listener/counter.h"

namespace nk::listener {

class PhotoDesk {
public:
    explicit PhotoDesk(Counter& counter) : counter_(counter) {}
    void add_routes(std::vector<Route>& routes);

private:
    void get(const Asked& ask);
    void set(const Asked& ask);
    void remove(const Asked& ask);
    bool keep(const Asked& ask, const std::string& person, std::string photo);

    Counter& counter_;
};

}  // namespace nk::listener
