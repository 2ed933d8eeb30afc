// naklank-siprec-load: a recording client (RFC 7866) with many calls at once, to measure a recorder
// with. Prints as JSON what was called and sent, how long the recorder took to answer, and what it
// cost itself.
//
// Each of a call's two lines has 50 packets a second, all different: the first eight samples of
// each say the call's number, the line and the frame (six bits a sample; see media_sender.cpp).

#include <charconv>
#include <ctime>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clock.h"
#include "load.h"

namespace {

int refused(const std::string& why) {
    fmt::print(stderr, "naklank-siprec-load: {}\n", why);
    return 1;
}

std::optional<nk::Endpoint> endpoint_in(std::string_view text) {
    const auto colon = text.rfind(':');
    const auto ip = nk::parse_ip(text.substr(0, colon));
    std::uint16_t port = 0;
    if (colon == std::string_view::npos || !ip)
        return std::nullopt;
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    return nk::Endpoint{*ip, port};
}

int load(const nk::load::Options& options) {
    const auto recorder = endpoint_in(options.to);
    const auto from = nk::parse_ip(options.from);
    if (!recorder || recorder->port == 0 || !from)
        return refused("--to is an address and a port, --from an address");
    auto link = nk::load::SipLink::open(*from, *recorder, options.is_tcp);
    if (!link)
        return refused(link.error().what);
    auto media = nk::load::MediaSender::open(*from);
    if (!media)
        return refused(media.error().what);
    prctl(PR_SET_TIMERSLACK, 1UL);  // a nanosecond: the pace is what this program is for
    const auto run = static_cast<std::uint64_t>(nk::load::now_ns()) ^
                     (static_cast<std::uint64_t>(getpid()) << 40U);
    nk::load::Load load(options, **link, **media, run);
    fmt::print("{}\n", load.run().dump(1));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    nk::load::Options options;
    CLI::App app{"Calls a SIPREC recorder many times at once, and sends sound to it."};
    app.add_option("--to", options.to, "the recorder's SIP address and port")->required();
    app.add_flag("--tcp", options.is_tcp, "SIP over TCP instead of UDP");
    app.add_option("--from", options.from, "the address to call and send from");
    app.add_option("--calls", options.calls, "in progress at once")->check(CLI::Range(1, 100'000));
    app.add_option("--seconds", options.seconds, "of each call")->check(CLI::Range(0.02, 5'000.0));
    app.add_option("--minutes", options.minutes, "that new calls begin in")
        ->check(CLI::Range(0.01, 10'000.0));
    app.add_option("--rate", options.rate, "new calls a second, at most")
        ->check(CLI::Range(0.01, 10'000.0));
    CLI11_PARSE(app, argc, argv);
    return load(options);
}
