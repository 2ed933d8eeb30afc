#include "host/machine.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include "host/descriptor.h"

namespace nk::host {

namespace {

std::string text_of(const char* path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

template <class Number>
std::optional<Number> number_in(std::string_view text, int base = 10) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end == text.data())
        return std::nullopt;
    return number;
}

std::vector<std::string_view> words_of(std::string_view text, std::string_view between) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto begin = std::min(text.find_first_not_of(between), text.size());
        text.remove_prefix(begin);
        const auto end = std::min(text.find_first_of(between), text.size());
        if (end > 0)
            out.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return out;
}

}  // namespace

std::optional<ClockState> clock_state() {
    timex state{};
    const int how = adjtimex(&state);
    if (how < 0)
        return std::nullopt;
    return ClockState{.is_synchronised = how != TIME_ERROR && (state.status & STA_UNSYNC) == 0,
                      .error_max = std::chrono::microseconds(state.maxerror)};
}

std::uint64_t file_limit_max() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : 0;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == 0)
        return "localhost";
    return name.data();
}

std::size_t processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return static_cast<std::size_t>(CPU_COUNT(&set));
}

std::optional<std::uint64_t> memory_available_bytes() {
    const auto text = text_of("/proc/meminfo");
    constexpr std::string_view name = "MemAvailable:";
    const auto at = text.find(name);
    if (at == std::string::npos)
        return std::nullopt;
    const auto rest = words_of(std::string_view(text).substr(at + name.size(), 64), " \n");
    const auto kib = rest.empty() ? std::nullopt : number_in<std::uint64_t>(rest.front());
    return kib ? std::optional(*kib * 1'024) : std::nullopt;
}

std::optional<PortRange> local_port_range() {
    const auto text = text_of("/proc/sys/net/ipv4/ip_local_port_range");
    const auto words = words_of(text, " \t\n");
    if (words.size() != 2)
        return std::nullopt;
    const auto first = number_in<std::uint16_t>(words[0]);
    const auto last = number_in<std::uint16_t>(words[1]);
    return first && last ? std::optional(PortRange{*first, *last}) : std::nullopt;
}

std::vector<PortRange> reserved_local_ports() {
    return port_ranges_in(text_of("/proc/sys/net/ipv4/ip_local_reserved_ports"));
}

std::vector<PortRange> port_ranges_in(std::string_view text) {
    std::vector<PortRange> out;
    for (const auto word : words_of(text, ", \n")) {
        const auto dash = std::min(word.find('-'), word.size());
        const auto first = number_in<std::uint16_t>(word.substr(0, dash));
        const auto last =
            dash == word.size() ? first : number_in<std::uint16_t>(word.substr(dash + 1));
        if (first && last)
            out.push_back({*first, *last});
    }
    return out;
}

std::vector<std::uint16_t> udp_ports_in_use() {
    auto out = ports_in_socket_table(text_of("/proc/net/udp"));
    const auto more = ports_in_socket_table(text_of("/proc/net/udp6"));
    out.insert(out.end(), more.begin(), more.end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

// A line is "  12: 0100007F:14E6 00000000:0000 07 ...": the first colon behind a blank is the local
// port's. The first line is a head.
std::vector<std::uint16_t> ports_in_socket_table(std::string_view text) {
    std::vector<std::uint16_t> out;
    for (const auto line : words_of(text, "\n")) {
        const auto words = words_of(line, " ");
        const auto colon = words.size() < 2 ? std::string_view::npos : words[1].find(':');
        if (colon == std::string_view::npos)
            continue;
        if (const auto port = number_in<std::uint16_t>(words[1].substr(colon + 1), 16))
            out.push_back(*port);
    }
    return out;
}

std::optional<std::uint64_t> granted_receive_buffer(int bytes) {
    const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.is_open())
        return std::nullopt;
    const int number = socket.number();
    if (setsockopt(number, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        (void)setsockopt(number, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    int got = 0;
    socklen_t size = sizeof got;
    if (getsockopt(number, SOL_SOCKET, SO_RCVBUF, &got, &size) != 0 || got < 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(got) / 2;  // the kernel doubles what it grants (socket(7))
}

}  // namespace nk::host
