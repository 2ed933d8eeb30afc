#pragma once
// naklank-media for an export: looked for when something is to be decoded, and not before.

#include <memory>

#include "base/media.h"
#include "host/child_process.h"
#include "host/media_helper.h"

namespace nk::app {

class Reader {
public:
    Result<Media*> find() {
        if (!helper_) {
            NK_TAKE(const auto program, host::find_helper("naklank-media"));
            helper_ = std::make_unique<host::MediaHelper>(program);
        }
        return helper_.get();
    }

private:
    std::unique_ptr<host::MediaHelper> helper_;
};

}  // namespace nk::app
