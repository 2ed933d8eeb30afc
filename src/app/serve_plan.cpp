#include "app/serve_plan.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <utility>

#include "app/site.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/limits.h"
#include "host/time_zone.h"
#include "purpose/purpose.h"
#include "wire/sip.h"

namespace nk::app {

namespace {

constexpr std::string_view window_usual = "127.0.0.1:8060";
constexpr std::string_view localhost = "localhost";  // of this machine, IPv4
constexpr unsigned mapped_bits = 96;                 // in front of an IPv4 address

tl::unexpected<Error> wrong(std::string sentence) {
    return refuse(Code::refused, Blame::owner, std::move(sentence));
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::vector<std::string> pieces_of(const std::vector<std::string>& lists) {
    std::vector<std::string> out;
    for (const auto& list : lists)
        for (std::size_t at = 0; at <= list.size();) {
            const auto end = std::min(list.find(',', at), list.size());
            if (end > at)
                out.push_back(list.substr(at, end - at));
            at = end + 1;
        }
    return out;
}

bool is_host_and_port(const std::string& text) {
    const bool is_clean = text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                              "WXYZ0123456789.-:[]") == std::string::npos;
    const auto uri = wire::parse_uri("sip:" + text);
    return is_clean && uri && !uri->host.empty();
}

Result<host::SipListen> listen_in(const std::string& text) {
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const auto at = colon == std::string::npos
                        ? std::nullopt
                        : parse_endpoint(std::string_view(text).substr(colon + 1));
    host::SipListen listen;
    if (name == "tcp")
        listen.transport = host::SipTransport::tcp;
    else if (name == "tls")
        listen.transport = host::SipTransport::tls;
    else if (name != "udp")
        return wrong(
            "--siprec is udp:, tcp: or tls:, an address and a port, such as "
            "udp:0.0.0.0:5060; not \"" +
            text + "\"");
    if (!at)
        return wrong("--siprec " + name + ": wants an address and a port behind it, such as " +
                     name + ":0.0.0.0:5060 or " + name + ":[::]:5060; not \"" + text + "\"");
    listen.at = *at;
    return listen;
}

Result<void> read_tls(const ServeOptions& options, SiprecOptions& out) {
    const auto& listen = out.sip.listen;
    const bool is_wanted = std::any_of(listen.begin(), listen.end(), [](const auto& l) {
        return l.transport == host::SipTransport::tls;
    });
    if (!is_wanted)
        return {};
    if (options.tls_certificate.empty() || options.tls_key.empty())
        return wrong("--siprec tls: needs --tls-certificate and --tls-key, PEM files");
    out.sip.tls = host::TlsFiles{options.tls_certificate, options.tls_key, options.tls_clients};
    return {};
}

// name:password, a line each; what begins with # says nothing.
Result<siprec::DigestGuard::Users> users_in(const std::string& file) {
    siprec::DigestGuard::Users users;
    if (file.empty())
        return users;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(':');
        if (line.empty() || line.starts_with('#'))
            continue;
        if (colon == 0 || colon == std::string::npos)
            return wrong("--users-file " + file + " has a line that is not name:password");
        users.insert_or_assign(line.substr(0, colon), line.substr(colon + 1));
    }
    if (users.empty())
        return wrong("--users-file " + file + " cannot be read, or names nobody");
    return users;
}

// Who may record here must be said, but on a machine that only talks to itself.
Result<void> read_allowed(const ServeOptions& options, SiprecOptions& out) {
    std::vector<AddressRange> ranges;
    for (const auto& text : pieces_of(options.allow)) {
        const auto range = parse_range(text);
        if (!range)
            return wrong(
                "--allow is an address or a range, such as 192.0.2.20 or 10.0.0.0/8; not \"" +
                text + "\"");
        ranges.push_back(*range);
    }
    const auto& listen = out.sip.listen;
    const bool is_private = std::all_of(listen.begin(), listen.end(),
                                        [](const auto& l) { return l.at.ip.is_loopback(); });
    const bool has_certificates = !options.tls_clients.empty() &&
                                  std::all_of(listen.begin(), listen.end(), [](const auto& l) {
                                      return l.transport == host::SipTransport::tls;
                                  });
    NK_TAKE(out.server.users, users_in(options.users_file));
    if (ranges.empty() && !is_private && !has_certificates && out.server.users.empty())
        return wrong(
            "say which session border controllers may have calls recorded here, with "
            "--allow 192.0.2.20 or --allow 10.0.0.0/8; it is only left out on loopback, "
            "when all must know a password (--users-file), or come by TLS with a certificate "
            "(--tls-clients)");
    if (!ranges.empty())
        out.server.is_allowed = [ranges = std::move(ranges)](const IpAddress& address) {
            return std::any_of(ranges.begin(), ranges.end(),
                               [&](const auto& range) { return range.has(address); });
        };
    out.sip.is_welcome = out.server.is_allowed;
    return {};
}

Result<void> read_media(const ServeOptions& options, SiprecOptions& out) {
    const auto dash = options.ports.find('-');
    const auto first = number_in<std::uint16_t>(std::string_view(options.ports).substr(0, dash));
    const auto last =
        dash == std::string::npos
            ? std::nullopt
            : number_in<std::uint16_t>(std::string_view(options.ports).substr(dash + 1));
    if (!first || !last || *first < 1'024 || *last <= *first)
        return wrong(
            "--ports is the first and the last UDP port for media, such as 20000-59999; not "
            "\"" +
            options.ports + "\"");
    out.server.first_port = *first;
    out.server.last_port = *last;
    if (!options.sip_address.empty() && !is_host_and_port(options.sip_address))
        return wrong("--sip-address is a host or an IP address, with or without a port, not \"" +
                     options.sip_address + "\"");
    out.server.sip_at = options.sip_address;
    if (!options.media_address.empty()) {
        out.server.media_at = parse_ip(options.media_address);
        if (!out.server.media_at)
            return wrong("--media-address is an IP address, not \"" + options.media_address + "\"");
    }
    // Loopback alone is bound to when nothing else is listened on.
    const auto& listen = out.sip.listen;
    if (std::all_of(listen.begin(), listen.end(),
                    [&](const auto& l) { return l.at.ip == listen.front().at.ip; }))
        out.media_bind = listen.front().at.ip;
    out.server.calls_max = options.calls_max;
    out.server.silence = seconds(static_cast<std::int64_t>(options.silence_seconds));
    return {};
}

Result<std::string> token_in(const std::string& file) {
    if (file.empty())
        return std::string();
    std::ifstream in(file);
    if (!in)
        return wrong("--token-file " + file + " cannot be read");
    std::string token;
    if (!std::getline(in, token) || token.size() < 16)
        return wrong("--token-file " + file +
                     ": its first line is the token, and wants 16 characters or more");
    return token;
}

// DIR, or DIR=+31612345678: what is behind the last '=' is a number when it looks like one.
WatchWish watch_in(const std::string& text) {
    WatchWish wish;
    wish.folder = text;
    const auto equals = text.rfind('=');
    if (equals != std::string::npos) {
        const auto number = text.substr(equals + 1);
        if (!number.empty() && number.find_first_not_of("+0123456789") == std::string::npos) {
            wish.own_number = number;
            wish.folder = text.substr(0, equals);
        }
    }
    while (wish.folder.size() > 1 && wish.folder.ends_with('/'))
        wish.folder.pop_back();
    return wish;
}

// Through whatever links.
std::string where_it_is(const std::string& path) {
    std::error_code trouble;
    const auto real = std::filesystem::weakly_canonical(path, trouble);
    return trouble ? path : real.string();
}

Result<void> read_watched(const ServeOptions& options, ServePlan& plan) {
    const auto purpose = purpose::purpose_named(options.watch_purpose);
    if (!purpose)
        return wrong("--watch-purpose is wording, training, agreement, memory or keepsake, not \"" +
                     options.watch_purpose + "\"");
    if (const auto zone = host::TimeZone::named(options.watch_zone); !zone)
        return tl::unexpected(zone.error());
    if (!options.watch.empty() && !plan.http)
        return wrong("--watch brings recordings for the window: give --http, too");
    for (const auto& text : options.watch) {
        auto wish = watch_in(text);
        if (!wish.folder.starts_with('/'))
            return wrong("--watch is the path of a folder from / on, not \"" + text + "\"");
        const auto inside = [](const std::string& one, const std::string& other) {
            const auto inner = where_it_is(one);
            const auto outer = where_it_is(other);
            return (inner + "/").starts_with(outer == "/" ? outer : outer + "/");
        };
        for (const auto& ours : {options.archive, plan.state})
            if (inside(wish.folder, ours) || inside(ours, wish.folder))
                return wrong("--watch is a folder of its own: " + ours + " and " + wish.folder +
                             " lie in one another");
        for (const auto& other : plan.watched)
            if (inside(wish.folder, other.folder) || inside(other.folder, wish.folder))
                return wrong("--watch: " + wish.folder + " and " + other.folder +
                             " lie in one another");
        wish.purpose = *purpose;
        wish.zone = options.watch_zone;
        wish.state = plan.state + "/watched/" + sha256_hex(as_bytes(wish.folder)).substr(0, 16);
        plan.watched.push_back(std::move(wish));
    }
    return {};
}

}  // namespace

bool AddressRange::has(const IpAddress& address) const {
    for (unsigned bit = 0; bit < bits; bit += 8) {
        const unsigned left = bits - bit;
        const auto mask = static_cast<std::uint8_t>(left >= 8 ? 0xff : 0xff << (8 - left));
        if ((address.bytes[bit / 8] & mask) != (base.bytes[bit / 8] & mask))
            return false;
    }
    return true;
}

std::optional<AddressRange> parse_range(std::string_view text) {
    const auto slash = text.find('/');
    const auto base = parse_ip(text.substr(0, slash));
    if (!base)
        return std::nullopt;
    AddressRange range{*base, 128};
    if (slash == std::string_view::npos)
        return range;
    const auto bits = number_in<unsigned>(text.substr(slash + 1));
    if (!bits || *bits > (base->is_v4() ? 32U : 128U))
        return std::nullopt;
    range.bits = base->is_v4() ? mapped_bits + *bits : *bits;
    return range;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const auto ip = parse_ip(text.substr(0, colon));
    const auto port = number_in<std::uint16_t>(text.substr(colon + 1));
    if (!ip || !port)
        return std::nullopt;
    return Endpoint{*ip, *port};
}

Result<ServePlan> plan(const ServeOptions& options) {
    ServePlan plan;
    const auto purpose = purpose::purpose_named(options.purpose);
    if (!purpose)
        return wrong("--purpose is wording, training, agreement, memory or keepsake, not \"" +
                     options.purpose + "\"");
    plan.recorder.purpose = *purpose;
    plan.recorder.door = purpose::Door::siprec;
    plan.recorder.is_live = true;
    if (!options.siprec.empty()) {
        NK_TAKE(plan.recorder.basis, purpose::may_capture_live(options.basis));
    }
    for (const auto& text : pieces_of(options.siprec)) {
        NK_TAKE(const auto listen, listen_in(text));
        plan.siprec.sip.listen.push_back(listen);
    }
    if (options.tls_certificate.empty() != options.tls_key.empty())
        return wrong("--tls-certificate and --tls-key belong together: give both, PEM files");
    NK_TRY(read_tls(options, plan.siprec));
    if (!plan.siprec.sip.listen.empty()) {
        NK_TRY(read_allowed(options, plan.siprec));
        NK_TRY(read_media(options, plan.siprec));
    }
    // Without any door the window is what there is to serve.
    const auto http =
        options.http.empty() && options.siprec.empty() ? std::string(window_usual) : options.http;
    if (!http.empty()) {
        // Browsers take localhost for a name, which passkeys want.
        const bool is_named = http.starts_with(std::string(localhost) + ":");
        plan.http = parse_endpoint(is_named ? "127.0.0.1" + http.substr(localhost.size()) : http);
        plan.http_name = is_named ? localhost : "";
        if (!plan.http)
            return wrong(
                "--http is an IP address or localhost, and a port, such as 127.0.0.1:8060, not \"" +
                http + "\"");
    }
    plan.state = options.state.empty() ? options.archive + "/.state" : options.state;
    plan.site = options.site.empty() ? Site::usual_folder() : options.site;
    plan.tls = {options.tls_certificate, options.tls_key, {}};
    NK_TAKE(plan.token, token_in(options.token_file));
    NK_TRY(read_watched(options, plan));
    return plan;
}

}  // namespace nk::app
