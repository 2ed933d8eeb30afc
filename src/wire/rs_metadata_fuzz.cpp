// parse_rs_metadata promises to survive any bytes within its limits, and that what it gives is
// bounded and UTF-8.
#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "wire/rs_metadata.h"

using namespace nk;

namespace {

void check_text(const std::string& text) {
    NK_CHECK(text.size() <= 2 * limits::rs_text_bytes_max);
    NK_CHECK(as_utf8(text) == text);
}

void check_texts(const std::vector<std::string>& texts) {
    for (const std::string& text : texts)
        check_text(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto metadata = wire::parse_rs_metadata(Bytes(data, size));
    if (!metadata)
        return 0;
    NK_CHECK(metadata->faults.size() <= limits::faults_max);
    NK_CHECK(metadata->extensions.size() <= limits::rs_extensions_max);
    for (const auto& extension : metadata->extensions) {
        NK_CHECK(!extension.path.empty());
        check_texts({extension.of, extension.path, extension.name, extension.text});
    }
    for (const auto& participant : metadata->participants) {
        NK_CHECK(participant.names.size() <= limits::rs_names_max);
        check_texts({participant.id, participant.session_id});
        for (const auto& name : participant.names)
            check_texts({name.aor, name.display_name});
    }
    for (const auto& session : metadata->sessions) {
        check_text(session.id);
        check_texts(session.group_ids);
        check_texts(session.sip_session_ids);
        check_texts(session.reasons);
    }
    for (const auto& stream : metadata->streams)
        check_texts({stream.id, stream.session_id, stream.label, stream.content});
    for (const auto& assoc : metadata->participant_streams) {
        check_text(assoc.participant_id);
        check_texts(assoc.send);
        check_texts(assoc.recv);
    }
    (void)metadata->hint("callingPartyNumber");
    return 0;
}
