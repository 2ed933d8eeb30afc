#pragma once
// All that can be found of one file that is brought, by the parsers of intake/import.

#include <map>
#include <string>
#include <vector>

#include "app/import/taken.h"
#include "intake/import/gather.h"

namespace nk::app {

class Gathering {
public:
    // The zone outlives it.
    explicit Gathering(const importing::Zone& zone) : zone_(zone) {}
    // What the names in each folder begin with, before anybody's name.
    void learn(const std::vector<BroughtFile>& files);
    [[nodiscard]] std::vector<call::Finding> findings_of(const Taken& taken) const;
    // The same of a file that was not taken: by its name, its folders and what lies beside it.
    [[nodiscard]] importing::FoundFile found(const BroughtFile& source,
                                             const std::string& sidecar_text) const;
    [[nodiscard]] const importing::Zone& zone() const { return zone_; }

private:
    const importing::Zone& zone_;
    std::map<std::string, std::string> prefixes_;  // by place
};

}  // namespace nk::app
