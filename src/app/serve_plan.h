#pragma once
// What the options of `naklank serve` mean, with a sentence for each that means nothing.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/import/watch_errand.h"
#include "app/serve.h"
#include "app/siprec_door.h"
#include "base/result.h"
#include "host/tls_files.h"
#include "recording/recorder.h"

namespace nk::app {

// Addresses that share their first bits: 192.0.2.20, 10.0.0.0/8, 2001:db8::/32.
struct AddressRange {
    IpAddress base;
    unsigned bits = 128;  // of the IPv4-mapped form
    [[nodiscard]] bool has(const IpAddress& address) const;
};
std::optional<AddressRange> parse_range(std::string_view text);
// ADDRESS:PORT, [2001:db8::1]:5060
std::optional<Endpoint> parse_endpoint(std::string_view text);

struct ServePlan {
    recording::RecorderOptions recorder;
    SiprecOptions siprec;
    std::optional<Endpoint> http;  // over TLS when it is not loopback
    std::string http_name;         // "localhost" when it was named so
    std::string state;
    std::string site;
    host::TlsFiles tls;  // as given; empty: none
    std::string token;   // empty: nobody may pause a recording
    std::vector<WatchWish> watched{};
};
Result<ServePlan> plan(const ServeOptions& options);

}  // namespace nk::app
