#include "wire/tls_keylog.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/limits.h"

namespace nk::wire {

namespace {

struct Label {
    std::string_view name;
    TlsSecret TlsSecrets::* place;
};

constexpr std::array<Label, 6> labels = {{
    {"CLIENT_RANDOM", &TlsSecrets::master},
    {"CLIENT_EARLY_TRAFFIC_SECRET", &TlsSecrets::client_early},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", &TlsSecrets::client_handshake},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET", &TlsSecrets::server_handshake},
    {"CLIENT_TRAFFIC_SECRET_0", &TlsSecrets::client_traffic},
    {"SERVER_TRAFFIC_SECRET_0", &TlsSecrets::server_traffic},
}};

int digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::optional<std::vector<std::uint8_t>> unhex(std::string_view text) {
    if (text.empty() || text.size() % 2 != 0)
        return std::nullopt;
    std::vector<std::uint8_t> out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return out;
}

std::string_view take_word(std::string_view& line) {
    const auto begin = std::min(line.find_first_not_of(" \t\r"), line.size());
    line.remove_prefix(begin);
    const auto word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    return word;
}

}  // namespace

void TlsKeyLog::add(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto part = text.substr(0, end);
        is_too_long_ =
            is_too_long_ || line_.size() + part.size() > limits::tls_key_log_line_bytes_max;
        if (is_too_long_)
            line_.clear();
        else
            line_ += part;
        if (end == std::string_view::npos)
            return;
        this->end();
        text.remove_prefix(end + 1);
    }
}

void TlsKeyLog::end() {
    if (!is_too_long_)
        add_line(line_);
    line_.clear();
    is_too_long_ = false;
}

void TlsKeyLog::add_line(std::string_view line) {
    const auto name = take_word(line);
    for (const auto& label : labels) {
        if (label.name != name)
            continue;
        const auto random = unhex(take_word(line));
        auto secret = unhex(take_word(line));
        if (!random || random->size() != tls_random_bytes || !secret)
            return;
        TlsRandom client{};
        std::copy(random->begin(), random->end(), client.begin());
        const auto [known, is_new] = by_client_.try_emplace(client);
        known->second.*label.place = std::move(*secret);
        if (is_new)
            in_order_.push_back(client);
        if (by_client_.size() > limits::tls_key_log_clients_max) {
            by_client_.erase(in_order_.front());
            in_order_.pop_front();
        }
        return;
    }
}

const TlsSecrets* TlsKeyLog::find(const TlsRandom& client) const {
    const auto found = by_client_.find(client);
    return found == by_client_.end() ? nullptr : &found->second;
}

}  // namespace nk::wire
