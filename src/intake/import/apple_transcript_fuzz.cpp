// read_apple_transcript promises to survive any bytes, and that what it gives is bounded and UTF-8.
#include "base/check.h"
#include "base/utf8.h"
#include "intake/import/apple_transcript.h"
#include "intake/import/import_limits.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto transcript =
        importing::read_apple_transcript({reinterpret_cast<const char*>(data), size});
    if (!transcript)
        return 0;
    NK_CHECK(transcript->words.size() <= limits::apple_words_max);
    for (const auto& word : transcript->words) {
        NK_CHECK(!word.text.empty() && word.text.size() <= 4 * limits::import_text_bytes_max);
        NK_CHECK(as_utf8(word.text) == word.text);
        NK_CHECK(Nanos(0) <= word.from && word.from <= word.to);
    }
    return 0;
}
