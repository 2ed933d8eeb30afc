#include "app/export/bcr_names.h"

#include "intake/import/name_text.h"

namespace nk::app {

Result<std::string> BcrNames::take(const std::string& name) {
    constexpr int most = 99;
    int& times = taken_[importing::folded(name)];
    while (++times <= most) {
        if (times == 1)
            return name;
        // The map may move what `times` is in: it is not used behind this.
        const auto other = name + " (" + std::to_string(times) + ")";
        if (taken_.try_emplace(importing::folded(other), 1).second)
            return other;
    }
    return refuse(Code::limit, Blame::owner,
                  std::to_string(most) + " others are called \"" + name +
                      "\"; a template with more in it tells them apart");
}

}  // namespace nk::app
