#include "wire/call_log.h"

#include <charconv>
#include <optional>
#include <string_view>

#include <pugixml.hpp>

#include "base/utf8.h"

namespace nk::wire {

namespace {

constexpr std::size_t nodes_looked_at_max = 64;  // for the list, at the document's top

// A letter outside of the first plane that was written as two references (&#55357;&#56832;) comes
// as two surrogates of three bytes each. Together they are one of four.
std::string surrogates_joined(std::string_view text) {
    const auto unit_at = [&](std::size_t at) -> std::uint32_t {
        const auto byte = [&](std::size_t i) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
        };
        if (at + 3 > text.size() || byte(at) != 0xed || byte(at + 1) < 0xa0)
            return 0;
        return 0xd000U | (byte(at + 1) & 0x3fU) << 6U | (byte(at + 2) & 0x3fU);
    };
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto high = unit_at(i);
        const auto low = unit_at(i + 3 > text.size() ? i : i + 3);
        if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
            const std::uint32_t c = 0x10000U + ((high - 0xd800U) << 10U) + (low - 0xdc00U);
            for (const std::uint32_t byte : {0xf0U | c >> 18U, 0x80U | (c >> 12U & 0x3fU),
                                             0x80U | (c >> 6U & 0x3fU), 0x80U | (c & 0x3fU)})
                out += static_cast<char>(byte);
            i += 6;
        } else {
            out += text[i++];
        }
    }
    return out;
}

std::string text_of(const pugi::xml_node& node, const char* name) {
    const std::string_view text = node.attribute(name).value();
    return as_utf8(surrogates_joined(cut_utf8(text, call_log_text_bytes_max)));
}

std::optional<std::int64_t> number_of(const pugi::xml_node& node, const char* name) {
    const std::string_view text = node.attribute(name).value();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// What the phone writes for a number that it was not told.
bool is_withheld(std::string_view number) {
    return number == "-1" || number == "-2" || number == "-3" || number == "Unknown" ||
           number == "null" || number == "(Unknown)";
}

std::optional<LoggedCall> call_of(const pugi::xml_node& node) {
    constexpr std::int64_t far_ms = 4'102'444'800'000;  // 2100
    constexpr std::int64_t longest_s = 30LL * 24 * 3600;
    constexpr std::int64_t types = static_cast<std::int64_t>(LoggedCall::Type::answered_elsewhere);
    constexpr std::int64_t restricted = 2;  // of "presentation"
    const auto date_ms = number_of(node, "date");
    if (!date_ms || *date_ms <= 0 || *date_ms > far_ms)
        return std::nullopt;
    LoggedCall out;
    out.started = WallTime{*date_ms * 1'000'000};
    if (const auto length_s = number_of(node, "duration");
        length_s && *length_s > 0 && *length_s <= longest_s)
        out.length = seconds(*length_s);
    if (const auto type = number_of(node, "type"); type && *type > 0 && *type <= types)
        out.type = static_cast<LoggedCall::Type>(*type);
    out.number = text_of(node, "number");
    if (is_withheld(out.number) || number_of(node, "presentation") == restricted)
        out.number.clear();
    out.name = text_of(node, "contact_name");
    if (is_withheld(out.name))
        out.name.clear();
    out.subscription = text_of(node, "subscription_id");
    return out;
}

pugi::xml_node list_in(const pugi::xml_document& document) {
    std::size_t looked_at = 0;
    for (const auto& node : document.children()) {
        if (std::string_view(node.name()) == "calls")
            return node;
        if (++looked_at > nodes_looked_at_max)
            break;
    }
    return {};
}

}  // namespace

Result<CallLog> parse_call_log(Bytes xml) {
    if (xml.size() > call_log_bytes_max)
        return refuse(Code::limit, Blame::peer, "the list of calls is larger than 128 MiB");
    pugi::xml_document document;
    const auto parsed = document.load_buffer(xml.data(), xml.size(), pugi::parse_default);
    const auto list = list_in(document);
    if (!list)
        return parsed ? refuse(Code::unsupported, Blame::peer,
                               "the file is XML, but no list of calls: it has no <calls>")
                      : refuse(Code::malformed, Blame::peer,
                               "the list of calls is no XML that can be read");
    CallLog out;
    if (!parsed)
        out.faults.push_back("the list is damaged behind byte " + std::to_string(parsed.offset) +
                             "; the calls in front of it were read");
    for (const auto& node : list.children("call")) {
        if (out.calls.size() == call_log_calls_max) {
            out.faults.push_back("the list has more than " + std::to_string(call_log_calls_max) +
                                 " calls; the others were left out");
            break;
        }
        if (auto call = call_of(node))
            out.calls.push_back(*std::move(call));
        else
            ++out.left_out;
    }
    if (out.left_out > 0)
        out.faults.push_back(std::to_string(out.left_out) + " entries have no readable date");
    return out;
}

}  // namespace nk::wire
