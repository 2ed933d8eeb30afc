#pragma once
// The page that Google's Takeout lays beside a recording or a voicemail ("... Z.html"): who, which
// way, when, and how long. Pure.

#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/finding.h"
#include "intake/import/stamp.h"

namespace nk::importing {

struct GoogleVoicePage {
    std::vector<call::Finding> findings;  // Source::sidecar
    std::optional<Nanos> length;
};

// Empty for any other page: nothing is refused. The page is scanned for what it is known to hold;
// the rest of it is not looked at, and no more of it than google_html_bytes_max.
GoogleVoicePage read_google_voice(std::string_view html, const Zone& zone);

}  // namespace nk::importing
