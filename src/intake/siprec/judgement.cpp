#include "intake/siprec/judgement.h"

#include <algorithm>
#include <array>

namespace nk::siprec {

namespace {

// By how the fault begins (wire/sip.h). A Via that cannot be read has no way back; a CSeq or
// Content-Length that cannot be read may belong to another message.
constexpr std::array<std::string_view, 10> fatal{"Via:",
                                                 "CSeq:",
                                                 "Call-ID:",
                                                 "Content-Length:",
                                                 "unreadable Content-Length",
                                                 "several Content-Length",
                                                 "start line not divided",
                                                 "no empty line behind",
                                                 "Request-URI: header fields",
                                                 "Request-URI: white space"};

// A body that is shorter than it says may be whole all the same when its end can be seen: clients
// count their line ends wrong.
bool has_its_end(const wire::SipMessage& request) {
    const auto type = request.header("Content-Type");
    auto text = as_text(request.body);
    while (!text.empty() && (text.back() == '\r' || text.back() == '\n'))
        text.remove_suffix(1);
    return type.find("multipart") != std::string_view::npos && text.ends_with("--");
}

}  // namespace

std::optional<Judgement> judge(const wire::SipMessage& request) {
    for (const std::string_view fault : request.faults) {
        if (fault.starts_with("unknown SIP version"))
            return Judgement{505, fault};
        if (fault.starts_with(fault_of_a_cut_body) && !has_its_end(request))
            return Judgement{400, fault};
        if (std::any_of(fatal.begin(), fatal.end(),
                        [&](std::string_view beginning) { return fault.starts_with(beginning); }))
            return Judgement{400, fault};
    }
    if (request.call_id().empty() || request.from_tag().empty() || request.cseq() == 0)
        return Judgement{400, "Call-ID, From tag or CSeq is missing"};
    return std::nullopt;
}

}  // namespace nk::siprec
