#pragma once
// What is found of a recording after it was sealed goes into its notes.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/import/phone_lists.h"
#include "archive/catalogue.h"
#include "base/disk.h"
#include "base/result.h"
#include "call/known.h"
#include "intake/import/stamp.h"
#include "recording/facts.h"

namespace nk::app {

// All that was found of one that was brought, up to now; and what is known of it by that.
std::vector<call::Finding> findings_now(Disk& disk, const std::string& root,
                                        const recording::RecordingFacts& facts);
call::Known known_now(Disk& disk, const std::string& root, const recording::RecordingFacts& facts);

struct Enriched {
    call::Known known;  // of it then
    bool is_new = false;
};
// Those of `found` whose source had said nothing of that fact yet are added; of the file of the
// same name, and of contacts, also what they say otherwise now. `name` is added among the names of
// doubles when it is another one, and not empty; when `telephone` is given, only to a recording of
// the one with that number. Nothing is written when nothing is new; else the catalogue enters the
// recording anew, for those who follow it.
Result<Enriched> enrich(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                        const std::string& id, const std::string& name,
                        const std::vector<call::Finding>& found,
                        const std::string* telephone = nullptr);

// What a telephone's lists say of the recordings of it that are there already; `own_number` empty:
// of those of which nobody said whose telephone it was. Gives how many know more now, and a
// sentence into `wrong` for each that cannot be read. `looked` is told of each, and says whether to
// go on.
std::uint64_t enrich_all(Disk& disk, archive::Catalogue& catalogue, const std::string& root,
                         const std::string& own_number, const PhoneLists& lists,
                         const importing::Zone& zone,
                         const std::function<bool(std::uint64_t)>& looked,
                         std::vector<std::string>& wrong);

}  // namespace nk::app
