#include "intake/siprec/brands.h"

#include <string_view>

#include "base/same_text.h"

namespace nk::siprec {

namespace {

constexpr std::string_view genesys_key = "genesys-call:";
constexpr std::size_t genesys_id_bytes_max = 64;

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// The 8 bytes of a UCID, in capitals, out of a User-to-User value: FA, their count, then they; in
// front of it there may be a protocol discriminator, behind it an encoding. Empty when it is none.
std::string ucid_in(std::string_view text) {
    constexpr std::string_view mark = "FA08";
    constexpr std::size_t digits = 16;
    text = text.substr(0, text.find(';'));
    if (text.starts_with("00") || text.starts_with("04"))
        text.remove_prefix(2);
    if (text.size() != mark.size() + digits || !equal_ci(text.substr(0, mark.size()), mark) ||
        !is_hex(text) || text.find_first_not_of('0', mark.size()) == std::string_view::npos)
        return {};
    std::string ucid(text.substr(mark.size()));
    for (char& c : ucid)
        c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    return ucid;
}

void add_genesys_key(std::vector<std::string>& keys, std::string_view id) {
    if (!id.empty() && id.size() <= genesys_id_bytes_max)
        keys.push_back(std::string(genesys_key).append(id));
}

// A parameter of a URI that has no headers behind it.
std::string_view parameter(std::string_view uri, std::string_view name) {
    for (std::size_t at = uri.find(';'); at != std::string_view::npos; at = uri.find(';', at + 1)) {
        std::string_view one = uri.substr(at + 1);
        one = one.substr(0, one.find(';'));
        const std::size_t equals = one.find('=');
        if (equals != std::string_view::npos && equal_ci(one.substr(0, equals), name))
            return one.substr(equals + 1);
    }
    return {};
}

}  // namespace

std::vector<std::string> keys_in(const wire::RsMetadata& metadata) {
    std::vector<std::string> keys;
    const auto add_ucid = [&keys](std::string_view text) {
        if (auto ucid = ucid_in(text); !ucid.empty())
            keys.push_back("ucid:" + ucid);
    };
    for (const auto& session : metadata.sessions)
        add_ucid(session.id);
    for (const auto* name : {"AvayaUCID", "ucid"})
        add_ucid(metadata.hint(name));
    add_genesys_key(keys, metadata.hint("GenesysUUID"));
    return keys;
}

RecordUri read_record_uri(const wire::SipMessage& invite) {
    RecordUri out;
    std::string_view uri = invite.request_uri;
    const std::size_t colon = uri.find(':');
    const std::size_t at = uri.find('@');
    if (at == std::string_view::npos || colon > at ||
        !equal_ci(uri.substr(colon + 1).substr(0, 7), "record="))
        return out;
    uri = uri.substr(at);
    for (const auto* name : {"dn", "otherDN"})
        if (const auto number = parameter(uri, name); !number.empty()) {
            auto& party = out.parties.emplace_back();
            party.number = number;
            party.uri = number;
        }
    if (!out.parties.empty())
        add_genesys_key(out.keys, parameter(uri, "calluuid"));
    return out;
}

}  // namespace nk::siprec
