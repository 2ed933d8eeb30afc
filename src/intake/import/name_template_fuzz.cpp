// A template that people write: its first line is compiled, reads the second, and writes a name,
// which has no sign in it that a file's name cannot have.
#include "base/check.h"
#include "base/utf8.h"
#include "intake/import/name_template.h"

using namespace nk;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = text.find('\n');
    const auto made = importing::NameTemplate::compile(text.substr(0, line));
    if (!made) {
        NK_CHECK(!made.error().what.empty());
        return 0;
    }
    if (line != std::string_view::npos)
        (void)made->read(text.substr(line + 1));
    importing::NameFacts facts;
    facts.started = WallTime{1'718'357'962'450'000'000};
    facts.offset_s = 7200;
    facts.direction = "in";
    facts.numbers = {"*21#"};
    facts.contact_names = {"Oma/Jan: \"?\""};
    if (const auto name = made->write(facts)) {
        NK_CHECK(!name->empty() && as_utf8(*name) == *name);
        NK_CHECK(name->find_first_of("\"*:<>?\\|") == std::string::npos);
        (void)made->read(*name + ".oga");
    }
    return 0;
}
