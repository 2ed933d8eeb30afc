#include "wire/tls.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/limits.h"

namespace nk::wire {

namespace {

// Takes fields off the front of a hello; once one is missing, everything after it is too.
class Fields {
public:
    explicit Fields(Bytes bytes) : rest_(bytes) {}

    Bytes take(std::size_t count) {
        if (rest_.size() < count) {
            is_whole_ = false;
            rest_ = {};
            return {};
        }
        const Bytes taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::size_t number(std::size_t bytes) {
        std::size_t value = 0;
        for (const auto byte : take(bytes))
            value = value << 8 | byte;
        return value;
    }
    Bytes counted(std::size_t length_bytes) { return take(number(length_bytes)); }
    void take_random(TlsRandom& random) {
        const Bytes bytes = take(random.size());
        std::copy(bytes.begin(), bytes.end(), random.begin());
    }
    [[nodiscard]] bool is_empty() const { return rest_.empty(); }
    [[nodiscard]] bool is_whole() const { return is_whole_; }

private:
    Bytes rest_;
    bool is_whole_ = true;
};

enum Extension : std::uint16_t {
    encrypt_then_mac = 22,
    early_data = 42,
    supported_versions = 43,
};

// False when the list breaks its grammar. A hello may end without one (RFC 5246 7.4.1.2).
template <class See>
bool each_extension(Fields& hello, See see) {
    if (hello.is_empty())
        return hello.is_whole();
    Fields list(hello.counted(2));
    while (!list.is_empty()) {
        const auto type = static_cast<std::uint16_t>(list.number(2));
        const Bytes body = list.counted(2);
        if (!list.is_whole())
            return false;
        see(type, body);
    }
    return hello.is_whole();
}

// SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3).
constexpr TlsRandom retry_random = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

bool is_kept(std::uint8_t type) {
    return type == TlsMessages::client_hello || type == TlsMessages::server_hello ||
           type == TlsMessages::key_update;
}

bool is_head(Bytes bytes) {
    return bytes[0] >= 20 && bytes[0] <= 23 && bytes[1] == 3 &&
           be16(&bytes[3]) <= limits::tls_record_bytes_max;
}

// Both versions say 3.3 once it is agreed (RFC 5246 6.2.1, RFC 8446 5.1). A chance head among
// sealed bytes would hold up all that follows until its length has come.
bool is_head_after_hellos(Bytes bytes) {
    return is_head(bytes) && bytes[2] == 3;
}

}  // namespace

bool looks_like_tls(Bytes bytes) {
    return !bytes.empty() && bytes[0] == static_cast<std::uint8_t>(TlsType::handshake) &&
           (bytes.size() < 2 || bytes[1] == 3) && (bytes.size() < 3 || bytes[2] <= 4);
}

bool looks_like_sealed_tls(Bytes bytes) {
    return bytes.size() >= tls_head_bytes && bytes[2] >= 1 && bytes[2] <= 3 && is_head(bytes) &&
           bytes[0] == static_cast<std::uint8_t>(TlsType::application_data);
}

void TlsRecords::feed(Bytes bytes, std::uint64_t order) {
    if (is_broken_)
        return;
    if (used_ > 0) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(used_));
        if (hole_at_)
            *hole_at_ -= used_;
        std::erase_if(arrivals_, [this](const Arrival& a) { return a.until <= used_; });
        for (auto& arrival : arrivals_)
            arrival.until -= used_;
        used_ = 0;
    }
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (arrivals_.empty() || arrivals_.back().order != order)
        arrivals_.push_back({.until = bytes_.size(), .order = order});
    arrivals_.back().until = bytes_.size();
}

std::uint64_t TlsRecords::order_of_next() const {
    constexpr auto none = std::numeric_limits<std::uint64_t>::max();
    const Bytes rest = before_hole();
    if (is_broken_ || rest.size() < tls_head_bytes)
        return none;
    const std::size_t end = tls_head_bytes + be16(&rest[3]);
    if (rest.size() < end)
        return none;
    const auto came = std::ranges::lower_bound(arrivals_, used_ + end, {}, &Arrival::until);
    return came == arrivals_.end() ? none : came->order;
}

// What waits behind a hole already is lost with the next one: there is only one at a time.
void TlsRecords::hole(std::size_t missing) {
    if (hole_at_) {
        missing_ += bytes_.size() - *hole_at_;
        bytes_.resize(*hole_at_);
        while (arrivals_.size() > 1 && arrivals_[arrivals_.size() - 2].until >= bytes_.size())
            arrivals_.pop_back();
        if (!arrivals_.empty())
            arrivals_.back().until = std::min(arrivals_.back().until, bytes_.size());
    } else {
        hole_at_ = bytes_.size();
        missing_ = 0;
    }
    missing_ += missing;
}

Bytes TlsRecords::before_hole() const {
    return Bytes(bytes_).first(hole_at_.value_or(bytes_.size())).subspan(used_);
}

std::optional<TlsRecord> TlsRecords::next() {
    const Bytes rest = before_hole();
    if (is_broken_ || rest.size() < tls_head_bytes)
        return std::nullopt;
    if (!is_head(rest)) {
        is_broken_ = true;
        return std::nullopt;
    }
    const std::size_t body_bytes = be16(&rest[3]);
    if (rest.size() < tls_head_bytes + body_bytes)
        return std::nullopt;
    return TlsRecord{static_cast<TlsType>(rest[0]), rest.first(tls_head_bytes),
                     rest.subspan(tls_head_bytes, body_bytes)};
}

std::size_t TlsRecords::pass_hole() {
    NK_CHECK(hole_at_ && *hole_at_ >= used_);
    const std::size_t lost = missing_ + *hole_at_ - used_;
    used_ = *hole_at_;
    hole_at_.reset();
    return lost;
}

std::optional<TlsRecord> TlsRecords::find(std::size_t& passed_over) {
    Bytes rest = before_hole();
    while (rest.size() >= tls_head_bytes && !is_head_after_hellos(rest)) {
        rest = rest.subspan(1);
        ++used_;
        ++passed_over;
    }
    return next();
}

void TlsRecords::take() {
    NK_CHECK(size() >= tls_head_bytes);
    used_ += tls_head_bytes + be16(&bytes_[used_ + 3]);
    NK_CHECK(used_ <= bytes_.size());
    while (!arrivals_.empty() && arrivals_.front().until <= used_)
        arrivals_.pop_front();
}

void TlsRecords::clear() {
    bytes_ = {};
    arrivals_ = {};
    used_ = 0;
    hole_at_.reset();
}

std::optional<TlsMessage> TlsMessages::take(Bytes& bytes) {
    while (head_bytes_ < head_.size() && !bytes.empty()) {
        head_[head_bytes_++] = bytes.front();
        bytes = bytes.subspan(1);
        if (head_bytes_ == head_.size())
            missing_ = be24(&head_[1]);
    }
    if (head_bytes_ < head_.size())
        return std::nullopt;
    const Bytes part = bytes.first(std::min(missing_, bytes.size()));
    if (is_kept(head_[0]) && be24(&head_[1]) <= limits::tls_hello_bytes_max)
        body_.insert(body_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
    missing_ -= part.size();
    if (missing_ > 0)
        return std::nullopt;
    head_bytes_ = 0;
    TlsMessage message{head_[0], std::move(body_)};
    body_ = {};
    return message;
}

std::optional<ClientHello> parse_client_hello(Bytes body) {
    ClientHello hello;
    Fields fields(body);
    fields.take(2);  // legacy_version
    fields.take_random(hello.random);
    fields.counted(1);  // session id
    fields.counted(2);  // cipher suites
    fields.counted(1);  // compression methods
    const bool is_fine = each_extension(fields, [&](std::uint16_t type, Bytes) {
        hello.has_early_data = hello.has_early_data || type == early_data;
    });
    if (!is_fine)
        return std::nullopt;
    return hello;
}

std::optional<ServerHello> parse_server_hello(Bytes body) {
    ServerHello hello;
    Fields fields(body);
    hello.version = static_cast<std::uint16_t>(fields.number(2));
    fields.take_random(hello.random);
    fields.counted(1);  // session id
    hello.suite = static_cast<std::uint16_t>(fields.number(2));
    hello.is_compressed = fields.number(1) != 0;
    const bool is_fine = each_extension(fields, [&](std::uint16_t type, Bytes value) {
        if (type == supported_versions && value.size() == 2)
            hello.version = be16(value.data());  // RFC 8446 4.2.1
        if (type == encrypt_then_mac)
            hello.encrypts_then_macs = true;
    });
    if (!is_fine)
        return std::nullopt;
    hello.is_retry = hello.random == retry_random;
    return hello;
}

}  // namespace nk::wire
