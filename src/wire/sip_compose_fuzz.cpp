// compose_response promises that the response to any request that could be read can be read itself,
// is of the same call and transaction, and has the header fields it is meant to have and no others.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "wire/sip_compose.h"

using namespace nk;

namespace {

wire::Endpoint somebody() {
    return {*wire::parse_ip("198.51.100.7"), 40'000};
}

wire::SipMessage read_again(const std::string& text) {
    auto read = wire::parse_sip(as_bytes(text));
    NK_CHECK(read);
    return std::move(*read);
}

void check_response(const wire::SipMessage& request, int status) {
    wire::SipReply reply;
    reply.status = status;
    reply.to_tag = "ours";
    reply.headers = {{"Warning", "399 x \"a\r\nInjected: 1\n\nInjected: 2\rInjected: 3\""}};
    reply.content_type = "text/plain";
    reply.body = "body";
    const std::string text = wire::compose_response(request, somebody(), reply);
    if (text.size() > limits::sip_message_bytes_max)
        return;
    const wire::SipMessage response = read_again(text);
    NK_CHECK(!response.is_request && response.status == status);
    for (const char* name : {"Call-ID", "CSeq", "From"})
        NK_CHECK(response.header(name) == request.header(name));
    NK_CHECK(response.all("Via").size() == request.all("Via").size());
    NK_CHECK(response.all("Injected").empty());
    NK_CHECK(as_text(response.body) == "body");
    for (const auto& fault : response.faults)
        NK_CHECK(fault != "line ends other than CRLF" &&
                 fault != "a header line without a name and a colon");
    if (status > 100 && request.faults.empty())
        NK_CHECK(!response.to_tag().empty());
    NK_CHECK(response.headers.size() <= request.headers.size() + 3);
}

void check_dialog(const wire::SipMessage& request) {
    const wire::SipDialog dialog = wire::dialog_as_called(request, "ours");
    wire::SipRequest bye;
    bye.method = "BYE";
    bye.cseq = 1;
    bye.transport = "UDP";
    bye.sent_by = "192.0.2.1:5060";
    bye.branch = "z9hG4bKx";
    const std::string text = wire::compose_request(dialog, bye);
    if (text.size() > limits::sip_message_bytes_max || dialog.routes.size() > 200)
        return;
    auto read = wire::parse_sip(as_bytes(text));
    if (dialog.remote_target.empty())
        return;
    if (!read) {  // nothing is left of a target that is made of nothing but what may not stand
        NK_CHECK(!request.faults.empty());
        return;
    }
    NK_CHECK(read->is_request && read->method == "BYE");
    NK_CHECK(read->call_id() == request.call_id());
    NK_CHECK(read->all("Via").size() == 1 && read->body.empty());
    NK_CHECK(read->headers.size() == 7 + dialog.routes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request = wire::parse_sip({data, size});
    if (!request || !request->is_request || request->headers.size() + 3 > limits::sip_headers_max)
        return 0;
    for (const int status : {100, 200, 486})
        check_response(*request, status);
    check_dialog(*request);
    return 0;
}
