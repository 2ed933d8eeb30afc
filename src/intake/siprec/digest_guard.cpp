#include "intake/siprec/digest_guard.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "base/same_text.h"

namespace nk::siprec {

namespace {

struct Algorithm {
    std::string_view name;
    DigestKind kind;
};
constexpr std::array<Algorithm, 2> algorithms{
    {{"SHA-256", DigestKind::sha256}, {"MD5", DigestKind::md5}}};

std::string hash(DigestKind kind, const std::string& text) {
    Digest digest(kind);
    digest.add(as_bytes(text));
    return digest.hex();
}

// The parameters behind "Digest" (RFC 7616 3.4): name=value or name="value", divided by commas.
class Parameters {
public:
    static std::optional<Parameters> read(std::string_view field) {
        constexpr std::string_view scheme = "digest ";
        if (field.size() < scheme.size() || !equal_ci(field.substr(0, scheme.size()), scheme))
            return std::nullopt;
        Parameters parameters;
        std::size_t at = scheme.size();
        while (at < field.size()) {
            at = field.find_first_not_of(" \t,", at);
            const auto equals = std::min(field.find('=', at), field.size());
            if (at == std::string_view::npos || equals == field.size())
                break;
            std::string name(field.substr(at, equals - at));
            while (!name.empty() && (name.back() == ' ' || name.back() == '\t'))
                name.pop_back();
            at = field.find_first_not_of(" \t", equals + 1);
            if (at == std::string_view::npos)
                break;
            parameters.all_.emplace_back(std::move(name), value_at(field, at));
        }
        return parameters;
    }
    [[nodiscard]] std::string_view operator[](std::string_view name) const {
        for (const auto& [known, value] : all_)
            if (equal_ci(known, name))
                return value;
        return {};
    }

private:
    static std::string value_at(std::string_view field, std::size_t& at) {
        std::string value;
        if (field[at] != '"') {
            const auto end = std::min(field.find_first_of(", \t", at), field.size());
            value = std::string(field.substr(at, end - at));
            at = end;
            return value;
        }
        for (++at; at < field.size() && field[at] != '"'; ++at) {
            if (field[at] == '\\' && at + 1 < field.size())
                ++at;
            value += field[at];
        }
        at = std::min(at + 1, field.size());
        return value;
    }
    std::vector<std::pair<std::string, std::string>> all_;
};

// RFC 7616 3.4.1; without qop as RFC 2069 had it, which some still send.
std::string response_of(DigestKind kind, std::string_view user, std::string_view realm,
                        std::string_view password, std::string_view method,
                        const Parameters& said) {
    const auto join = [](std::initializer_list<std::string_view> pieces) {
        std::string out;
        for (const auto piece : pieces)
            out.append(piece).append(":");
        out.pop_back();
        return out;
    };
    const auto secret = hash(kind, join({user, realm, password}));
    const auto request = hash(kind, join({method, said["uri"]}));
    if (said["qop"].empty())
        return hash(kind, join({secret, said["nonce"], request}));
    return hash(kind,
                join({secret, said["nonce"], said["nc"], said["cnonce"], said["qop"], request}));
}

}  // namespace

DigestGuard::DigestGuard(Users users, std::string realm, Random& random)
    : users_(std::move(users)), realm_(std::move(realm)) {
    std::array<std::uint8_t, 32> chance{};
    random.fill(chance);
    secret_ = sha256_hex(chance);
}

std::string DigestGuard::nonce(MonoTime now) const {
    const auto time = std::to_string(now.ns);
    return time + "-" + hash(DigestKind::sha256, secret_ + time + secret_);
}

std::optional<Nanos> DigestGuard::age_of(std::string_view nonce, MonoTime now) const {
    const auto dash = nonce.find('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    MonoTime then;
    const auto [end, error] = std::from_chars(nonce.data(), nonce.data() + dash, then.ns);
    if (error != std::errc() || end != nonce.data() + dash ||
        !equal_in_constant_time(this->nonce(then), nonce))
        return std::nullopt;
    return now - then;
}

DigestGuard::Verdict DigestGuard::look_at(const wire::SipMessage& request, MonoTime now) const {
    for (const auto field : request.all("Authorization")) {
        const auto said = Parameters::read(field);
        if (!said || (*said)["realm"] != realm_)
            continue;
        const auto user = users_.find((*said)["username"]);
        const auto age = age_of((*said)["nonce"], now);
        if (user == users_.end() || !age)
            continue;
        const auto wanted = (*said)["algorithm"];
        for (const auto& algorithm : algorithms) {
            if (!equal_ci(wanted.empty() ? "MD5" : wanted, algorithm.name))
                continue;
            const auto response = response_of(algorithm.kind, user->first, realm_, user->second,
                                              request.method, *said);
            if (equal_in_constant_time(response, (*said)["response"]))
                return *age > limits::nonce_age ? Verdict::stale : Verdict::known;
        }
    }
    return Verdict::unknown;
}

std::vector<std::string> DigestGuard::challenges(Verdict verdict, MonoTime now) const {
    std::vector<std::string> out;
    const auto fresh = nonce(now);
    for (const auto& algorithm : algorithms)
        out.push_back("Digest realm=\"" + realm_ + "\", nonce=\"" + fresh +
                      "\", algorithm=" + std::string(algorithm.name) + ", qop=\"auth\"" +
                      (verdict == Verdict::stale ? ", stale=true" : ""));
    return out;
}

}  // namespace nk::siprec
