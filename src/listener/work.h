#pragma once
// Where the window has done what takes long, as hashing a password: nobody waits for it meanwhile.

#include <functional>

namespace nk::listener {

class Work {
public:
    virtual ~Work() = default;
    // `job` runs on a strand of its own, after those before it; what it returns runs on the
    // window's strand then. False, and nothing runs, when too many wait.
    virtual bool post(std::function<std::function<void()>()> job) = 0;
};

}  // namespace nk::listener
