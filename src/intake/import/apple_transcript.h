#pragma once
// The transcript that an iPhone makes of a recording and keeps inside the file: the JSON of the
// atom moov/trak/udta/tsrp. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace nk::importing {

struct TranscribedWord {
    std::string text;  // with the punctuation that follows it
    Nanos from{0};     // since the recording's start
    Nanos to{0};
    bool operator==(const TranscribedWord&) const = default;
};

struct AppleTranscript {
    std::string locale;  // "nl-NL"; empty when it is not said
    std::vector<TranscribedWord> words;
    bool is_cut = false;  // there were more than apple_words_max
};

// Both layouts: texts and what is said of them in turns, or with that in a table of its own. JSON
// of something else is refused too (Code::unsupported): there is no transcript in it.
Result<AppleTranscript> read_apple_transcript(std::string_view json);

}  // namespace nk::importing
