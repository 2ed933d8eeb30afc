// JSON -> facts. What it refuses, it refuses by the field's path; everything later code relies on
// (indices in range, names that are safe in a path, numbers that fit) is checked here, once.
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "archive/detail/facts_json.h"
#include "archive/layout.h"
#include "base/rfc3339.h"

namespace nk::archive::detail {

namespace {

using namespace recording;

// Reads one JSON object field by field. The first fault is kept, and every later read gives an
// empty value, so that the readers below stay straight lines.
class Reader {
public:
    Reader(const Json& object, std::string path, std::string& fault)
        : object_(object), path_(std::move(path)), fault_(fault) {
        if (!object.is_object())
            complain("", "is not an object");
    }

    void complain(const std::string& field, const std::string& what) const {
        if (fault_.empty())
            fault_ = path_ + (path_.empty() || field.empty() ? "" : ".") + field + " " + what;
    }

    // Of a field that older recordings do not have.
    [[nodiscard]] bool has(const char* field) const {
        return object_.is_object() && object_.contains(field);
    }
    [[nodiscard]] std::string text(const char* field) const {
        const Json* value = find(field);
        if (value == nullptr)
            return {};
        if (!value->is_string()) {
            complain(field, "is not a text");
            return {};
        }
        return value->get<std::string>();
    }

    [[nodiscard]] bool yes(const char* field) const {
        const Json* value = find(field);
        if (value != nullptr && !value->is_boolean())
            complain(field, "is neither true nor false");
        return value != nullptr && value->is_boolean() && value->get<bool>();
    }

    template <class Int>
    [[nodiscard]] Int whole(const char* field) const {
        const Json* value = find(field);
        return value == nullptr ? Int{} : whole_in<Int>(*value, field);
    }

    template <class Int>
    [[nodiscard]] Int whole_in(const Json& value, const std::string& field) const {
        if (value.is_number_unsigned()) {
            const auto number = value.get<std::uint64_t>();
            if (number <= static_cast<std::uint64_t>(std::numeric_limits<Int>::max()))
                return static_cast<Int>(number);
        } else if (std::is_signed_v<Int> && value.is_number_integer()) {
            const auto number = value.get<std::int64_t>();
            if (number >= static_cast<std::int64_t>(std::numeric_limits<Int>::min()))
                return static_cast<Int>(number);
        }
        complain(field, "is not a whole number in its range");
        return {};
    }

    [[nodiscard]] double number(const char* field) const {
        const Json* value = find(field);
        if (value != nullptr && !value->is_number())
            complain(field, "is not a number");
        return value != nullptr && value->is_number() ? value->get<double>() : 0;
    }

    [[nodiscard]] WallTime time(const char* field) const {
        const auto read = wall_time_in(text(field));
        if (!read)
            complain(field, "is not an RFC 3339 time");
        return read.value_or(WallTime{});
    }

    [[nodiscard]] bool is_null(const char* field) const {
        const Json* value = find(field);
        return value == nullptr || value->is_null();
    }

    [[nodiscard]] std::optional<WallTime> time_or_null(const char* field) const {
        return is_null(field) ? std::nullopt : std::optional(time(field));
    }

    template <class Value>
    [[nodiscard]] Value named(const char* field,
                              std::optional<Value> (*value_named)(std::string_view)) const {
        const std::string name = text(field);
        const auto value = value_named(name);
        if (!value)
            complain(field, "is \"" + name.substr(0, 40) + "\", which it cannot be");
        return value.value_or(Value{});
    }

    // Calls `read` with a Reader on each object of the array.
    template <class Item>
    [[nodiscard]] std::vector<Item> objects(const char* field, Item (*read)(const Reader&)) const {
        std::vector<Item> items;
        each(field, [&](const Json& value, const std::string& path) {
            items.push_back(read(Reader(value, path, fault_)));
        });
        return items;
    }

    // Calls `take(value, path)` for each element of the array, until something is wrong.
    template <class Take>
    void each(const char* field, Take take) const {
        const Json* array = find(field);
        if (array == nullptr)
            return;
        if (!array->is_array()) {
            complain(field, "is not an array");
            return;
        }
        for (std::size_t i = 0; i < array->size() && fault_.empty(); ++i)
            take((*array)[i], join(field) + "[" + std::to_string(i) + "]");
    }

    [[nodiscard]] Reader object(const char* field) const {
        const Json* value = find(field);
        return {value == nullptr ? nothing() : *value, join(field), fault_};
    }

private:
    [[nodiscard]] std::string join(const std::string& field) const {
        return path_.empty() ? field : path_ + "." + field;
    }
    static const Json& nothing() {
        static const Json empty = Json::object();
        return empty;
    }
    // Null when absent, which is a fault, or when there was a fault before.
    [[nodiscard]] const Json* find(const char* field) const {
        if (!fault_.empty())
            return nullptr;
        const auto it = object_.find(field);
        if (it != object_.end())
            return &*it;
        complain(field, "is missing");
        return nullptr;
    }

    const Json& object_;
    std::string path_;
    std::string& fault_;
};

call::Party party(const Reader& in) {
    return {in.text("role"), in.text("number"), in.text("name"), in.text("uri")};
}

call::Event event(const Reader& in) {
    call::Event e;
    e.at_ms = in.whole<std::int64_t>("at_ms");
    e.what = in.text("what");
    if (!in.is_null("party"))
        e.party = in.whole<std::size_t>("party");
    e.detail = in.text("detail");
    return e;
}

call::KeyPress key_press(const Reader& in) {
    return {in.whole<std::size_t>("party"), in.text("key"), in.number("at_ms"),
            in.number("duration_ms")};
}

call::Oddity oddity(const Reader& in) {
    return {in.text("name"), in.whole<std::uint64_t>("count"), in.whole<std::int64_t>("first_ms")};
}

call::CallFacts call_facts(const Reader& in) {
    call::CallFacts c;
    c.parties = in.objects("parties", party);
    c.has_signalling = in.yes("has_signalling");
    c.answered = in.yes("answered");
    c.ending = in.named("ending", call::ending_named);
    c.final_status = in.whole<int>("final_status");
    c.sip_call_id = in.text("sip_call_id");
    c.sip_from_tag = in.text("sip_from_tag");
    c.sip_to_tag = in.text("sip_to_tag");
    in.each("conversation_keys", [&](const Json& key, const std::string& path) {
        if (key.is_string())
            c.conversation_keys.push_back(key.get<std::string>());
        else
            in.complain(path, "is not a text");
    });
    c.is_recording_leg = in.yes("is_recording_leg");
    c.invited = in.time_or_null("invited");
    c.answered_at = in.time_or_null("answered_at");
    c.ended_at = in.time_or_null("ended_at");
    c.events = in.objects("events", event);
    c.key_presses = in.objects("key_presses", key_press);
    c.oddities = in.objects("oddities", oddity);
    for (const auto& press : c.key_presses)
        if (press.party >= c.parties.size())
            in.complain("key_presses", "name a party that there is not");
    for (const auto& e : c.events)
        if (e.party && *e.party >= c.parties.size())
            in.complain("events", "name a party that there is not");
    return c;
}

CodecUse codec_use(const Reader& in) {
    return {in.text("name"), in.whole<std::uint32_t>("clock_hz"),
            in.whole<std::uint32_t>("rate_hz"), in.whole<std::uint8_t>("payload_type"),
            in.whole<std::uint64_t>("packets")};
}

Gap gap(const Reader& in) {
    return {in.whole<std::uint64_t>("from"), in.whole<std::uint64_t>("length"),
            in.named("cause", gap_cause_named), in.whole<std::uint64_t>("packets")};
}

PacketCounts packet_counts(const Reader& in) {
    PacketCounts p;
    p.received = in.whole<std::uint64_t>("received");
    p.lost = in.whole<std::uint64_t>("lost");
    p.late = in.whole<std::uint64_t>("late");
    p.duplicate = in.whole<std::uint64_t>("duplicate");
    p.dropped_by_us = in.whole<std::uint64_t>("dropped_by_us");
    p.undecodable = in.whole<std::uint64_t>("undecodable");
    if (in.has("withheld"))
        p.withheld = in.whole<std::uint64_t>("withheld");
    return p;
}

std::optional<std::uint64_t> from_hex(std::string_view text) {
    std::uint64_t value = 0;
    if (text.size() != 16)
        return std::nullopt;
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c < 'a' || c > 'f'))
            return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
    }
    return value;
}

TrackFacts track(const Reader& in) {
    TrackFacts t;
    t.number = in.whole<std::uint32_t>("number");
    t.party = in.whole<std::size_t>("party");
    t.label = in.text("label");
    t.codec = in.text("codec");
    t.codecs = in.objects("codecs", codec_use);
    t.rate_hz = in.whole<std::uint32_t>("rate_hz");
    t.packets = packet_counts(in.object("packets"));
    t.gaps = in.objects("gaps", gap);
    t.gaps_left_out = in.whole<std::uint64_t>("gaps_left_out");
    t.sound_from = in.whole<std::uint64_t>("sound_from");
    t.sound_to = in.whole<std::uint64_t>("sound_to");
    in.each("ssrcs", [&](const Json& value, const std::string& path) {
        t.ssrcs.push_back(in.whole_in<std::uint32_t>(value, path));
    });
    in.each("media_marks", [&](const Json& value, const std::string& path) {
        const auto mark = value.is_string() ? from_hex(value.get<std::string>()) : std::nullopt;
        if (!mark)
            in.complain(path, "is not 16 hexadecimal digits");
        t.media_marks.push_back(mark.value_or(0));
    });
    if (in.has("srtp"))
        t.srtp = in.text("srtp");
    if (in.has("mixed"))
        t.is_mixed = in.yes("mixed");
    t.payload_file = in.text("payload_file");
    if (!t.payload_file.empty() && !is_file_name(t.payload_file))
        in.complain("payload_file", "is not a plain file name");
    if (t.number == 0)
        in.complain("number", "is 0; tracks count from 1");
    if (t.sound_from > t.sound_to)
        in.complain("sound_from", "lies behind sound_to");
    return t;
}

DropFacts drop(const Reader& in) {
    DropFacts d;
    d.from = in.whole<std::int64_t>("from");
    d.to = in.whole<std::int64_t>("to");
    d.packets = in.whole<std::uint64_t>("packets");
    if (!in.is_null("track"))
        d.track = in.whole<std::uint32_t>("track");
    if (d.from > d.to)
        in.complain("from", "lies behind to");
    return d;
}

void check_file(const Reader& in, const std::string& file, const std::string& sha256,
                const std::string& sha512) {
    const auto is_hex = [](const std::string& digest, std::size_t digits) {
        return digest.size() == digits &&
               digest.find_first_not_of("0123456789abcdef") == std::string::npos;
    };
    if (!is_file_name(file))
        in.complain("file", "is not a plain file name");
    if (!is_hex(sha256, 64))
        in.complain("sha256", "is not 64 hexadecimal digits");
    if (!is_hex(sha512, 128))
        in.complain("sha512", "is not 128 hexadecimal digits");
}

AudioFacts audio(const Reader& in) {
    AudioFacts a;
    a.file = in.text("file");
    a.format = in.text("format");
    a.rate_hz = in.whole<std::uint32_t>("rate_hz");
    a.channels = in.whole<std::uint32_t>("channels");
    a.frames = in.whole<std::uint64_t>("frames");
    a.bytes = in.whole<std::uint64_t>("bytes");
    a.sha256 = in.text("sha256");
    a.sha512 = in.text("sha512");
    check_file(in, a.file, a.sha256, a.sha512);
    return a;
}

SideFile side_file(const Reader& in) {
    SideFile f{in.text("file"), in.text("media_type"), in.whole<std::uint64_t>("bytes"),
               in.text("sha256"), in.text("sha512")};
    check_file(in, f.file, f.sha256, f.sha512);
    return f;
}

Brought brought(const Reader& in) {
    Brought b{
        in.text("own_number"), in.text("name"),    in.text("place"), in.time_or_null("modified"),
        in.text("container"),  in.text("essence"), in.text("fault"), true};
    if (in.has("has_end"))
        b.has_end = in.yes("has_end");
    return b;
}

call::Finding finding(const Reader& in) {
    return {in.named("fact", call::fact_named), in.text("value"),
            in.named("source", call::source_named), in.named("sureness", call::sureness_named),
            in.has("remark") ? in.text("remark") : ""};
}

RecordingFacts recording_facts(const Reader& in) {
    RecordingFacts facts;
    facts.id = in.text("id");
    facts.uuid = in.text("uuid");
    facts.started = in.time("started");
    facts.duration = Nanos(in.whole<std::int64_t>("duration_ns"));
    facts.sealed_at = in.time("sealed_at");
    facts.purpose = in.named("purpose", purpose::purpose_named);
    facts.basis = in.named("basis", purpose::basis_named);
    facts.door = in.named("door", purpose::door_named);
    facts.call = call_facts(in.object("call"));
    facts.tracks = in.objects("tracks", track);
    if (!in.is_null("audio"))
        facts.audio = audio(in.object("audio"));
    facts.side_files = in.objects("side_files", side_file);
    if (in.has("drops")) {
        facts.drops = in.objects("drops", drop);
        facts.drops_left_out = in.whole<std::uint64_t>("drops_left_out");
    }
    if (in.has("brought")) {
        facts.brought = brought(in.object("brought"));
        facts.findings = in.objects("findings", finding);
    }
    if (!is_id(facts.id))
        in.complain("id", "is not a recording's id");
    if (facts.duration < Nanos(0))
        in.complain("duration_ns", "is negative");
    for (const auto& t : facts.tracks)
        if (t.party >= facts.call.parties.size())
            in.complain("tracks", "name a party that there is not");
    return facts;
}

}  // namespace

std::optional<call::Finding> finding_in(const Json& object) {
    std::string fault;
    auto read = finding(Reader(object, "", fault));
    return fault.empty() ? std::optional(std::move(read)) : std::nullopt;
}

Result<RecordingFacts> facts_in(const Json& object) {
    std::string fault;
    const Reader in(object, "", fault);
    const int format = in.whole<int>("format");
    if (fault.empty() && format != format_version)
        return refuse(Code::unsupported, Blame::peer,
                      "its format is " + std::to_string(format) + "; this program reads format " +
                          std::to_string(format_version));
    RecordingFacts facts = recording_facts(in);
    if (!fault.empty())
        return refuse(Code::malformed, Blame::peer, fault);
    return facts;
}

}  // namespace nk::archive::detail
