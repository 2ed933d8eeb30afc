#pragma once
// A telephone's own lists: whom it called when, and who has which number.

#include <string>
#include <vector>

#include "app/import/walk.h"
#include "base/disk.h"
#include "intake/import/contact_book.h"
#include "wire/call_log.h"
#include "wire/vcard.h"

namespace nk::app {

struct PhoneLists {
    std::vector<wire::LoggedCall> calls;
    std::vector<wire::VCard> cards;
    importing::ContactBook contacts;  // of the cards

    [[nodiscard]] bool is_empty() const { return calls.empty() && cards.empty(); }
};

// Of all the lists that were found together, whatever they are called; a sentence into `wrong` for
// each that cannot be read, or not all of it. Of several the same call counts once.
PhoneLists read_phone_lists(Disk& disk, const Found& found, std::vector<std::string>& wrong);

}  // namespace nk::app
