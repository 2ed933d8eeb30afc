#pragma once
// Who carries a message to a program elsewhere.

#include <functional>
#include <string>
#include <vector>

#include "base/http.h"

namespace nk::listener {

struct Parcel {
    std::string url;
    std::vector<HttpHeader> headers;
    std::string body;
};

struct Receipt {
    int status = 0;       // of the answer; 0: none came
    std::string problem;  // why
};

class Courier {
public:
    virtual ~Courier() = default;
    // `then` is called on the window's strand. False, and it never is, when too many wait.
    virtual bool send(Parcel parcel, std::function<void(Receipt)> then) = 0;
};

}  // namespace nk::listener
