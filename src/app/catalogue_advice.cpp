#include "app/catalogue_advice.h"

namespace nk::app {

namespace {

bool is_mended_by_rebuild(const Error& error) {
    switch (error.code) {
        case Code::malformed:
        case Code::broken:
        case Code::unsupported:
        case Code::not_found:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string catalogue_advice(const Error& error) {
    if (is_mended_by_rebuild(error))
        return "naklank rebuild makes the catalogue again";
    switch (error.code) {
        case Code::disk_full:
            return "make room on the disk, and try again";
        case Code::refused:
            return "this user needs more rights to the catalogue and its folder";
        case Code::busy:
            return "another program has it; try again later";
        case Code::limit:
            return "too many files are open: raise the limit (ulimit -n, LimitNOFILE=)";
        default:
            return "the disk fails: look into the kernel's log";
    }
}

std::string with_advice(const Error& error) {
    return error.what + "; " + catalogue_advice(error);
}

std::string with_advice_to_recorders(const Error& error) {
    return with_advice(error) + (is_mended_by_rebuild(error) ? "" : ", then run naklank rebuild");
}

}  // namespace nk::app
