#include "intake/import/sidecar.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "intake/import/import_limits.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

using call::Fact;
using call::Source;
using call::Sureness;
using Json = nlohmann::json;

// What the object holds there; null when it is no object, or holds nothing.
const Json& at(const Json& object, const char* key) {
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text_at(const Json& object, const char* key) {
    const Json& value = at(object, key);
    if (!value.is_string())
        return {};
    const auto& text = value.get_ref<const std::string&>();
    return clean_text(cut_utf8(text, limits::import_text_bytes_max));
}

std::optional<std::int64_t> integer_at(const Json& object, const char* key) {
    const Json& value = at(object, key);
    if (!value.is_number_integer() ||
        (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX))
        return std::nullopt;
    return value.get<std::int64_t>();
}

std::optional<double> seconds_at(const Json& object, const char* key) {
    constexpr double longest = 1e7;  // some months
    const Json& value = at(object, key);
    if (!value.is_number())
        return std::nullopt;
    const auto number = value.get<double>();
    if (!std::isfinite(number) || number < 0 || number > longest)
        return std::nullopt;
    return number;
}

bool is_true(const Json& object, const char* key) {
    const Json& value = at(object, key);
    return value.is_boolean() && value.get<bool>();
}

class Findings {
public:
    explicit Findings(std::vector<call::Finding>& out) : out_(out) {}

    void add(Fact fact, std::string value) {
        if (!value.empty())
            out_.push_back({fact, std::move(value), Source::sidecar, Sureness::sure, {}});
    }
    void add_number(std::string_view text) {
        if (!is_withheld(text))
            add(Fact::number, tidy_number(text));
    }

private:
    std::vector<call::Finding>& out_;
};

// The time with its offset; the milliseconds are the surer of the two where they differ.
std::optional<Stamp> bcr_stamp(const Json& json) {
    auto stamp = stamp_in(text_at(json, "timestamp"));
    const auto ms = integer_at(json, "timestamp_unix_ms");
    const auto counted = ms ? stamp_of_epoch(std::to_string(*ms)) : std::nullopt;
    if (!stamp || !counted)
        return stamp ? stamp : counted;
    constexpr Nanos near = milliseconds(1'000);
    const FixedZone utc;
    const Nanos apart = moment_of(*stamp, utc) - moment_of(*counted, utc);
    return stamp->offset_s && apart < near && Nanos(-near) < apart ? stamp : counted;
}

// Missing sound that is more than the moment which starting and stopping take.
bool is_much_shorter(double total_s, double wall_s) {
    return wall_s - total_s > std::max(1.0, 0.02 * wall_s);
}

void take_bcr_recording(const Json& recording, Sidecar& out, Findings& findings) {
    const auto wall_s = seconds_at(recording, "duration_secs_wall");
    const auto total_s = seconds_at(recording, "duration_secs_total");
    if (const auto length_s = wall_s ? wall_s : total_s)
        out.length = Nanos(static_cast<std::int64_t>(*length_s * 1e9));
    if (integer_at(recording, "buffer_overruns").value_or(0) > 0)
        findings.add(Fact::lacks, "buffer-overruns");
    if (is_true(recording, "was_ever_paused"))
        findings.add(Fact::lacks, "paused");
    if (is_true(recording, "was_ever_holding"))
        findings.add(Fact::lacks, "held");
    if (wall_s && total_s && is_much_shorter(*total_s, *wall_s))
        findings.add(Fact::lacks, "shorter-than-the-call");
}

void take_bcr_people(const Json& json, Findings& findings) {
    const Json& calls = at(json, "calls");
    std::size_t names = 0;
    std::size_t people = 0;
    for (const Json& one : calls.is_array() ? calls : Json::array()) {
        if (++people > limits::import_people_max)
            break;
        const auto number = text_at(one, "phone_number");
        findings.add_number(number.empty() ? text_at(one, "phone_number_formatted") : number);
        const auto contact = text_at(one, "contact_name");
        const auto name = contact.empty() ? text_at(one, "caller_name") : contact;
        names += name.empty() ? 0 : 1;
        findings.add(Fact::name, name);
    }
    if (names == 0)
        findings.add(Fact::name, text_at(json, "call_log_name"));
}

void take_bcr(const Json& json, const Zone& zone, Sidecar& out) {
    Findings findings(out.findings);
    out.recorder = "bcr";
    if (const auto stamp = bcr_stamp(json))
        out.findings.push_back(started(*stamp, zone, Source::sidecar, Sureness::sure));
    const auto direction = text_at(json, "direction");
    if (direction == "in" || direction == "out" || direction == "conference")
        findings.add(Fact::direction, direction);
    take_bcr_people(json, findings);
    findings.add(Fact::kind, "call");
    findings.add(Fact::recorder, "bcr");
    take_bcr_recording(at(at(json, "output"), "recording"), out, findings);
    out.app = text_at(json, "package_name");
    if (const auto slot = integer_at(json, "sim_slot"); slot && *slot >= 1 && *slot <= 9)
        out.sim_slot = static_cast<int>(*slot);
}

// Cube writes the milliseconds as a text.
void take_cube(const Json& json, Sidecar& out) {
    Findings findings(out.findings);
    out.recorder = "cube";
    const auto direction = direction_of(text_at(json, "direction")).direction;
    findings.add(Fact::direction, std::string(direction));
    if (const auto callee = text_at(json, "callee"); is_number(callee))
        findings.add_number(callee);
    else if (!is_withheld(callee))
        findings.add(Fact::name, callee);
    findings.add(Fact::kind, "call");
    findings.add(Fact::recorder, "cube");
    constexpr std::size_t digits_max = 10;
    const Json& duration = at(json, "duration");
    const auto digits = duration.is_string() ? text_at(json, "duration")
                        : duration.is_number_unsigned()
                            ? std::to_string(duration.get<std::uint64_t>())
                            : std::string{};
    if (!digits.empty() && digits.size() <= digits_max &&
        digits.find_first_not_of("0123456789") == std::string::npos)
        out.length = milliseconds(std::stoll(digits));
}

// What ACR Phone said in its request; who it was with is in the file's name.
void take_acr_phone(const Json& json, const Zone& zone, Sidecar& out) {
    Findings findings(out.findings);
    out.recorder = "acrphone";
    if (const auto began = integer_at(json, "started_s"))
        if (const auto stamp = stamp_of_epoch(std::to_string(*began)))
            out.findings.push_back(started(*stamp, zone, Source::sidecar, Sureness::likely));
    findings.add(Fact::kind, "call");
    findings.add(Fact::recorder, "acrphone");
    constexpr std::int64_t longest_ms = 10'000'000'000;
    if (const auto length = integer_at(json, "duration_ms");
        length && *length > 0 && *length < longest_ms)
        out.length = milliseconds(*length);
}

}  // namespace

Result<Sidecar> read_sidecar(std::string_view json, const Zone& zone) {
    if (json.size() > limits::sidecar_bytes_max)
        return refuse(Code::limit, Blame::peer, "the file beside the recording is too large");
    const bool is_latin = as_utf8(json) != json;
    const Json parsed = Json::parse(is_latin ? as_utf8(json) : std::string(json), nullptr,
                                    /*allow_exceptions=*/false, /*ignore_comments=*/true);
    if (parsed.is_discarded())
        return refuse(Code::malformed, Blame::peer,
                      "the file beside the recording is no JSON; nothing of it was used");
    Sidecar out;
    if (at(parsed, "timestamp_unix_ms").is_number() || at(parsed, "calls").is_array())
        take_bcr(parsed, zone, out);
    else if (at(parsed, "callee").is_string())
        take_cube(parsed, out);
    else if (text_at(parsed, "sent_by") == "acr-phone")
        take_acr_phone(parsed, zone, out);
    return out;
}

std::string write_bcr_json(const BcrFacts& facts) {
    using Ordered = nlohmann::ordered_json;
    const auto or_null = [](const auto& value) { return value ? Ordered(*value) : Ordered(); };
    Ordered calls = Ordered::array();
    for (const auto& party : facts.calls)
        calls.push_back({{"phone_number", or_null(party.number)},
                         {"phone_number_formatted", or_null(party.number_formatted)},
                         {"caller_name", or_null(party.caller_name)},
                         {"contact_name", or_null(party.contact_name)}});
    Ordered recording;
    if (facts.recording) {
        const auto& r = *facts.recording;
        const double total_s =
            r.sample_rate > 0 ? static_cast<double>(r.frames) / static_cast<double>(r.sample_rate)
                              : 0;
        recording = {{"frames_total", r.frames},
                     {"frames_encoded", r.frames},
                     {"sample_rate", r.sample_rate},
                     {"channel_count", r.channels},
                     {"duration_secs_wall",
                      r.wall_s && std::isfinite(*r.wall_s) ? Ordered(*r.wall_s) : Ordered()},
                     {"duration_secs_total", total_s},
                     {"duration_secs_encoded", total_s},
                     {"buffer_frames", 0},
                     {"buffer_overruns", r.buffer_overruns},
                     {"was_ever_paused", r.was_paused},
                     {"was_ever_holding", r.was_held}};
    }
    const Ordered json = {{"timestamp_unix_ms", facts.started.ns / 1'000'000},
                          {"timestamp", with_offset(facts.started, facts.offset_s)},
                          {"package_name", or_null(facts.package_name)},
                          {"direction", or_null(facts.direction)},
                          {"sim_slot", or_null(facts.sim_slot)},
                          {"call_log_name", or_null(facts.call_log_name)},
                          {"calls", std::move(calls)},
                          {"output",
                           {{"format",
                             {{"type", facts.format.type},
                              {"mime_type_container", facts.format.mime_container},
                              {"mime_type_audio", facts.format.mime_audio},
                              {"parameter_type", facts.format.parameter_type},
                              {"parameter", facts.format.parameter}}},
                            {"recording", std::move(recording)}}}};
    return json.dump(4, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace nk::importing
