#pragma once
// All that can be found of one file that is brought, by the parsers of intake/import.

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/import/phone_lists.h"
#include "app/import/taken.h"
#include "base/media.h"
#include "intake/import/gather.h"
#include "intake/import/name_template.h"

namespace nk::app {

class Gathering {
public:
    // The zone outlives it.
    explicit Gathering(const importing::Zone& zone) : zone_(zone) {}
    // What the names in each folder begin with, before anybody's name.
    void learn(const std::vector<BroughtFile>& files);
    // Templates of names that people wrote: they are asked before what is known of recorders.
    void use(std::vector<importing::NameTemplate> templates) { templates_ = std::move(templates); }
    // Which of the telephone's calls each of the files is of, and whose their numbers are. What
    // tells neither a number nor a day of its own is looked into, to compare its length. `looked`
    // is told of each file, and says whether to go on.
    void match(Disk& disk, Media& media, PhoneLists lists, const std::vector<BroughtFile>& files,
               const std::function<bool(std::uint64_t done)>& looked);
    // `media`: null when nobody can read it, or looked into it yet.
    [[nodiscard]] std::vector<call::Finding> findings_of(const BroughtFile& source,
                                                         const std::string& sidecar_text,
                                                         const MediaFacts* media) const;
    [[nodiscard]] const importing::Zone& zone() const { return zone_; }
    [[nodiscard]] const PhoneLists& lists() const { return lists_; }

private:
    const importing::Zone& zone_;
    std::map<std::string, std::string> prefixes_;  // by place
    std::vector<importing::NameTemplate> templates_;
    PhoneLists lists_;
    std::map<std::string, std::size_t> logged_;  // of lists_.calls, by the file's path
};

// The text of what lies beside it; empty when there is nothing, or it is too large to be a sidecar.
std::string sidecar_text_of(Disk& disk, const BroughtFile& source);
Nanos length_of(const MediaFacts& media);

}  // namespace nk::app
