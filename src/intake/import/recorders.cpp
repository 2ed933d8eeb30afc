#include "intake/import/recorders.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/same_text.h"
#include "intake/import/name_pattern.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

using call::Sureness;
using Groups = NamePattern::Groups;

// False when the name is not of that recorder after all.
using Finish = bool (*)(const Groups& groups, std::string_view learnt, NamedFile& out);

struct Recorder {
    std::string_view id;
    std::string_view kind;
    Sureness sureness;
    std::string_view pattern;
    Finish finish = nullptr;
};

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> out;
    while (true) {
        const auto end = text.find(separator);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return out;
        text.remove_prefix(end + separator.size());
    }
}

bool has_direction_word(std::string_view text) {
    for (const auto word : split(text, "_"))
        if (!direction_of(trimmed(word)).direction.empty())
            return true;
    return false;
}

// What stands where the other party does, with a prefix perhaps. Underscores around it stand for
// signs that a file's name cannot have.
bool take_head(std::string_view head, std::string_view learnt, NamedFile& out) {
    head = trimmed(head, " _");
    const auto who = trimmed(without_prefix(head, learnt), " _");
    if (is_stop_word(who) && !is_number(who))
        return is_prefix(head) || who.empty();
    const auto space = who.find(' ');
    if (space != std::string_view::npos && is_prefix(who.substr(0, space)) &&
        is_number(who.substr(space + 1)))
        out.add_who(who.substr(space + 1));  // "Call 0201234567"
    else
        out.add_who(who);
    return true;
}

// ---- BCR and what follows it: conferences join by commas, and a sign that a file's name cannot
// have is an underscore, so that *21# comes as _21#.

bool finish_bcr(const Groups& groups, std::string_view, NamedFile& out) {
    out.numbers.clear();
    for (auto number : split(groups["num"], ",")) {
        number = trimmed(number);
        const bool was_code = number.starts_with('_');
        out.add_number(was_code ? "*" + std::string(number.substr(1)) : std::string(number));
    }
    const auto names = split(groups["name"], ",");
    if (names.size() > 1 && (out.direction == "conference" || names.size() == out.numbers.size())) {
        out.names.clear();
        for (const auto name : names)
            out.add_name(name);
    }
    // A telephone that knows no name may write the number twice.
    std::erase_if(out.names, [&](const std::string& name) {
        return std::find(out.numbers.begin(), out.numbers.end(), tidy_number(name)) !=
               out.numbers.end();
    });
    return true;
}

bool finish_cube(const Groups& groups, std::string_view, NamedFile& out) {
    if (equal_ci(groups["x_app"], "mic"))
        out.kind.clear();  // of a room, not of a line
    return true;
}

bool finish_google_voice(const Groups& groups, std::string_view, NamedFile& out) {
    const auto action = groups["action"];
    if (equal_ci(action, "Voicemail")) {
        out.kind = "message";
        out.direction = "in";
    } else if (!equal_ci(action, "Recorded")) {
        out.direction = equal_ci(action, "Placed") ? "out" : "in";
    }
    return true;
}

// ---- MIUI: name(number), several joined by '_', all of it cut at 50 characters.

std::string miui_number(std::string_view text) {
    std::string number(trimmed(text));
    std::replace(number.begin(), number.end(), 's', '*');
    std::replace(number.begin(), number.end(), 'p', ',');
    if (number.starts_with("00"))
        number.replace(0, 2, "+");
    return number.substr(0, number.find(','));  // what is dialled behind a pause is no number
}

void take_miui_person(std::string_view person, NamedFile& out) {
    const auto open = person.rfind('(');
    const auto name = trimmed(person.substr(0, open));
    const bool is_whole = open != std::string_view::npos && person.ends_with(')');
    // A number that was cut is another number.
    const auto number =
        is_whole ? miui_number(person.substr(open + 1, person.size() - open - 2)) : std::string{};
    const bool is_dialled = !number.empty() && (is_number(number) || number == "0");
    if (is_dialled)
        out.add_number(number);
    if (is_withheld(name) || (is_dialled && tidy_number(miui_number(name)) == tidy_number(number)))
        return;
    out.add_name(name);
}

bool finish_miui(const Groups& groups, std::string_view, NamedFile& out) {
    std::string_view people = groups["people"];
    for (auto end = people.find(")_"); end != std::string_view::npos; end = people.find(")_")) {
        take_miui_person(people.substr(0, end + 1), out);
        people.remove_prefix(end + 2);
    }
    take_miui_person(people, out);
    return true;
}

// "name@number" of Huawei, "prefix@number" of MIUI, where the prefix is in the phone's language.
bool finish_at(const Groups& groups, std::string_view learnt, NamedFile& out) {
    const auto left = trimmed(groups["left"]);
    const std::string right = miui_number(groups["right"]);
    const bool is_prefixed =
        is_prefix(left) || is_stop_word(left) || (!learnt.empty() && learnt.starts_with(left));
    if (is_number(right)) {
        out.add_number(right);
        if (!is_prefixed && !is_number(left))
            out.add_who(left);
        return true;
    }
    out.add_who(is_prefixed ? groups["right"] : left);
    return true;
}

bool finish_head(const Groups& groups, std::string_view learnt, NamedFile& out) {
    return take_head(groups["head"], learnt, out);
}

// yyMMddHHmm without anything around it: many a telephone number could be one, so only years in
// which there were such phones count.
bool finish_coloros(const Groups& groups, std::string_view learnt, NamedFile& out) {
    constexpr int first_year = 2013;
    constexpr int last_year = 2049;
    const int year = out.started->civil.year;
    return year >= first_year && year <= last_year && take_head(groups["head"], learnt, out);
}

bool finish_generic(const Groups& groups, std::string_view learnt, NamedFile& out) {
    const auto head = trimmed(groups["head"], " _-");
    if (is_prefix(head) || has_direction_word(head) || !take_head(head, learnt, out))
        return false;
    out.who_sureness = out.numbers.empty() ? Sureness::weak : Sureness::likely;
    return true;
}

// ---- axet's Call Recorder: the user puts date, arrow, name and number in any order.

// A number at either end of the text, and a name beside it.
bool take_name_and_number(std::string_view text, NamedFile& out) {
    static const NamePattern behind(R"((?P<name>.*?) ?(?P<num>\+?[\d*#(][\d ()*#-]{2,}))");
    static const NamePattern before(R"((?P<num>\+?[\d*#(][\d ()*#-]{2,}) (?P<name>\D.*))");
    for (const auto* pattern : {&behind, &before})
        if (const auto groups = pattern->match(text); groups && is_number((*groups)["num"])) {
            out.add_number((*groups)["num"]);
            out.add_name((*groups)["name"]);
            return true;
        }
    out.add_who(text);
    return false;
}

bool finish_axet(const Groups& groups, std::string_view, NamedFile& out) {
    std::string rest;
    for (const auto part : {groups["head"], groups["tail"]})
        for (const auto word : split(part, " ")) {
            const bool is_arrow = word == "↓" || word == "↑";
            if (is_arrow)
                out.direction = direction_of(word).direction;
            else if (!word.empty())
                rest.append(rest.empty() ? "" : " ").append(word);
        }
    const bool has_number = !rest.empty() && take_name_and_number(rest, out);
    const bool is_simple_date = groups["epoch"].empty() && groups["tz"].empty();
    return !out.direction.empty() || (has_number && is_simple_date);
}

// ---- Exchanges. An extension is short, and the other party is who is not an extension.

bool is_extension(std::string_view number) {
    constexpr std::size_t digits_max = 5;
    return number.size() <= digits_max && !number.empty() &&
           number.find_first_not_of("0123456789") == std::string_view::npos;
}

void take_outward(std::string_view extension, std::string_view other, NamedFile& out) {
    out.direction = "out";
    out.extras.emplace("extension", extension);
    out.add_who(other);
}

void take_inward(std::string_view other, std::string_view extension, NamedFile& out) {
    out.direction = "in";
    out.extras.emplace("extension", extension);
    out.add_who(other);
}

void take_internal(std::string_view from, std::string_view to, NamedFile& out) {
    out.extras.emplace("extension", from);
    out.extras.emplace("internal", "yes");
    out.add_who(to);
}

bool finish_3cx(const Groups& groups, std::string_view, NamedFile& out) {
    const auto from = groups["from"];
    const auto to = groups["to"];
    if (is_extension(from) && is_extension(to))
        take_internal(from, to, out);
    else if (is_extension(from))
        take_outward(from, to, out);
    else
        take_inward(from, to, out);
    if (const auto name = groups["left"]; !is_number(name) && !is_withheld(name))
        out.add_name(name);
    return true;
}

// FreePBX: the kind of recording, to whom, from whom.
bool finish_asterisk(const Groups& groups, std::string_view, NamedFile& out) {
    const std::string type = folded(groups["type"]);
    const auto to = groups["to"];
    const auto from = groups["from"];
    if (type == "out")
        take_outward(from, to, out);
    else if (type == "in" || type == "external" || type == "q" || type == "vq" || type == "rg")
        take_inward(from, to, out);
    else if (type == "internal")
        take_internal(from, to, out);
    else {
        const bool is_outer_first = to.size() >= from.size();
        out.extras.emplace("extension", is_outer_first ? from : to);
        out.add_who(is_outer_first ? to : from);
    }
    return true;
}

bool finish_own_extension(const Groups& groups, std::string_view, NamedFile& out) {
    if (equal_ci(groups["type"], "OUT"))
        out.direction = "out";
    return true;
}

// FULLDATE_CUSTPHONE by default; campaigns add agents and numbers of leads.
bool finish_vicidial(const Groups& groups, std::string_view, NamedFile& out) {
    constexpr std::size_t digits_min = 7;
    for (const auto token : split(groups["tokens"], "_")) {
        const bool is_long = token.size() >= digits_min && is_number(token);
        if (is_long && out.numbers.empty())
            out.add_number(token);
        else if (!token.empty() && !is_number(token))
            out.extras.emplace("agent", token);
    }
    return !out.numbers.empty();
}

// Labels and what they label, joined by underscores: GUID_000_AGENT_Jan_DT_2025-...
bool finish_aws(const Groups& groups, std::string_view, NamedFile& out) {
    std::string_view label;
    for (const auto token : split(groups["head"], "_")) {
        const bool is_label = token == "GUID" || token == "AGENT" || token == "CUST";
        if (is_label) {
            label = token;
            continue;
        }
        if (label == "GUID")
            out.extras.emplace("id", token);
        else if (label == "AGENT")
            out.extras.emplace("agent", token);
        else if (label == "CUST")
            out.add_who(token);
        label = {};
    }
    return out.extras.contains("id") || out.extras.contains("agent") || !out.numbers.empty();
}

bool finish_in_utc(const Groups&, std::string_view, NamedFile& out) {
    out.started->offset_s = 0;
    out.started->is_instant = true;
    return true;
}

bool finish_voicemail(const Groups&, std::string_view, NamedFile& out) {
    out.direction = "in";
    return true;
}

bool finish_teams(const Groups& groups, std::string_view, NamedFile& out) {
    if (!groups["utc"].empty())
        finish_in_utc(groups, {}, out);
    constexpr std::array<std::string_view, 4> with{"Call with ", "Gesprek met ", "Anruf mit ",
                                                   "Appel avec "};
    for (const auto words : with)
        if (groups["title"].starts_with(words))
            out.add_who(groups["title"].substr(words.size()));
    return true;
}

// The order matters: a name is taken by the first that fits. What is said of sureness: `sure` are
// those whose names their own source or documentation describes.
constexpr auto recorders = std::to_array<Recorder>({
    {"bcr", "call", Sureness::sure,
     R"({ymd}_{hms}(?:\.(?P<frac>\d{1,9}))?(?P<tz>[+-]\d{4}(?:\d\d)?))"
     R"((?:_(?P<dir>in|out|conference))?(?:_sim(?P<x_sim>\d+))?)"
     R"((?:_(?P<num>_?[+*#\d][\d+,*#() -]*)?)?(?:_(?P<name>.+))?)",
     finish_bcr},
    {"cube", "call", Sureness::sure,
     R"({y-m-d} {h-m-s} \((?P<x_app>[^()]+)\) ?(?P<who>.*?))"
     R"((?: ?\((?P<num>\+?\d[\d() .-]*|[*#\d]+)\))?(?: ?(?P<dir>[↗↙↘↖]))?)",
     finish_cube},
    {"acrphone", "call", Sureness::sure, R"((?P<who>.+?)-(?P<dirn>[01])-(?P<epoch>\d{13}|\d{10}))"},
    {"numdirepoch", "call", Sureness::sure,
     R"((?P<who>\+?\d+|[a-z]+)_(?P<dirn>[01])_(?P<epoch>\d{13}|\d{10}))"},
    {"d_p", "call", Sureness::sure, R"((?P<dirn>[01])d{ymd}{hms}p(?P<who>\+?[\d*#]+|[a-z]+)?)"},
    {"gvoice", "call", Sureness::sure,
     R"((?P<who>.*?) ?- (?P<action>Recorded|Voicemail|Received|Placed|Missed) - )"
     R"({y-m-d}T(?P<h>\d\d)[_:](?P<mi>\d\d)[_:](?P<s>\d\d)(?P<tz>Z)(?:-\d+)*)",
     finish_google_voice},
    {"callrecord", "call", Sureness::sure, R"(CallRecord_{ymd}-{hms}(?:_(?P<who>.+)?)?)"},
    {"signal", "message", Sureness::likely,
     R"(signal-{y-m-d}-(?P<h>\d\d)-?(?P<mi>\d\d)-?(?P<s>\d\d)(?:-(?P<frac>\d{1,3}))?(?:-\d+)?)"},
    {"telegram", "message", Sureness::likely,
     R"((?:audio|voice)_\d+@(?P<d>\d\d)-(?P<mo>\d\d)-(?P<y>\d{4})_{h-m-s})"},
    {"telegram", "message", Sureness::likely, R"((?:audio|voice)_{y-m-d}_{h-m-s})"},
    {"miui", "call", Sureness::sure, R"((?:(?P<left>[^@()]+)@)?(?P<people>.+\(.*)_{ymd}{hms})",
     finish_miui},
    {"at14", "call", Sureness::sure, R"((?P<left>[^@]+)@(?P<right>[^@]*?)_{ymd}{hms})", finish_at},
    {"truephone", "call", Sureness::sure,
     R"((?P<who>.*?)(?: ?\((?P<num>\+?[\d*#][\d -]*?)(?: [^()]*)?\)| @)? ?)"
     R"({y-m-d}_{hms}_(?P<dir>in|out))"},
    {"lineage", "call", Sureness::sure,
     R"((?P<who>\+?[\d*#]+|unknown|private|anonymous)_{yymd}_{hms}(?P<frac>\d{3})?)"},
    {"lineage", "call", Sureness::likely, R"((?P<who>.+)_{yymd}_{hms}(?P<frac>\d{3}))"},
    {"samsungvoice", "", Sureness::likely,
     R"((?:Voice|Spraak|Stem|Sprache|Voix|Voz|Voce|Głos|Ses|Голос|음성|语音|音声)(?:[ _]\d{1,4})?)"
     R"([ _]{yymd}_{hms})"},
    {"samsung", "call", Sureness::sure,
     R"((?P<head>.+)_{yymd}_{hms}(?:[_(](?P<x_counter>\d{1,2})\)?)?)", finish_head},
    {"coloros", "call", Sureness::sure, R"((?P<head>.+)-{yymd}(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)?)",
     finish_coloros},
    {"whatsapp", "message", Sureness::sure,
     R"(WhatsApp[ -](?:Audio|Ptt|Video|Voice(?:[ -](?:Note|Message))?)[ -]{y-m-d}[ -])"
     R"(\p{L}{1,4}(?:[ -]las)?[ -](?P<h>\d{1,2})[.:](?P<mi>\d\d)[.:](?P<s>\d\d))"
     R"((?:[ -](?P<ampm>[AP]\.? ?M\.?))?(?:[ _(-].*)?)"},
    {"whatsapp", "message", Sureness::likely, R"((?:PTT|AUD|VID)-{ymd}-WA(?P<x_counter>\d+))"},
    {"whatsapp", "message", Sureness::sure, R"(\d{8}-(?:AUDIO|VIDEO|PTT)-{y-m-d}-{h-m-s})"},
    {"applememo", "", Sureness::sure, R"({ymd} {hms}(?:-[0-9A-F]{8})?)"},
    {"plainstamp", "", Sureness::sure, R"({ymd}_{hms})"},
    {"axet", "call", Sureness::sure, R"((?:(?P<head>.+) )?{y-m-d} {h.m.s}(?: (?P<tail>.+))?)",
     finish_axet},
    {"axet", "call", Sureness::sure, R"((?:(?P<head>.+) )?{ymd}T{hms}(?: (?P<tail>.+))?)",
     finish_axet},
    {"axet", "call", Sureness::sure, R"((?P<epoch>\d{10}) (?P<tail>.+))", finish_axet},
    {"ringcentral", "call", Sureness::sure,
     R"({ymd}-{hms}(?:_(?P<x_extension>\d{1,6}))?_(?P<who>[^_]+)_)"
     R"((?P<dir>Incoming|Outgoing|Inbound|Outbound)(?:_[a-z]+)?(?:_(?P<x_id>\d+))?)"},
    {"3cx", "call", Sureness::sure,
     R"(\[(?P<left>[^\]]*)\]_(?P<from>[^_-]+)-(?P<to>[^_-]+)_{ymd}{hms})"
     R"((?:\((?P<x_counter>\d+)\))?)",
     finish_3cx},
    {"aws", "call", Sureness::sure, R"((?P<head>.+)_DT_{y-m-d}T{h-m-s}(?:[_.].*)?)", finish_aws},
    {"amazonconnect", "call", Sureness::sure,
     R"((?P<x_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_{ymd}T)"
     R"((?P<h>\d\d)[:_.-](?P<mi>\d\d)_UTC)",
     finish_in_utc},
    {"asterisk", "call", Sureness::sure,
     R"((?P<type>[a-z]+)-(?P<to>[^-]+)-(?P<from>[^-]+)-{ymd}-{hms}-(?P<x_id>\d{10}\.\d+))",
     finish_asterisk},
    {"asterisk", "call", Sureness::likely,
     R"((?P<type>[a-z]*)(?P<x_extension>\d+)-{ymd}-{hms}-(?P<x_id>\d{10}\.\d+))",
     finish_own_extension},
    {"asterisk", "call", Sureness::likely,
     R"((?P<type>auto)-(?P<epoch>\d{10})-(?P<from>[^-]+)-(?P<to>[^-]+))", finish_asterisk},
    {"asterisk", "message", Sureness::likely, R"(msg(?P<x_counter>\d{4}))", finish_voicemail},
    {"fritzbox", "message", Sureness::likely, R"(rec\.(?P<x_box>\d)\.(?P<x_counter>\d{3}))",
     finish_voicemail},
    {"zoom", "call", Sureness::sure, R"(GMT{ymd}-{hms}_Recording.*)", finish_in_utc},
    {"zoom", "call", Sureness::likely, R"(call_recording_(?P<x_id>[0-9a-f-]{16,})_{ymd}{hms})"},
    {"teams", "call", Sureness::likely,
     R"((?P<title>.+?)-{ymd}_{hms}(?P<utc>UTC)?-(?:Meeting|Call) Recording(?: \d+)?)",
     finish_teams},
    {"vicidial", "call", Sureness::sure,
     R"((?:(?:CO|CM|FR)_)?(?:S_)?{ymd}-{hms}_(?P<tokens>[^ ]+?)(?:-(?P<x_channel>all|in|out))?)",
     finish_vicidial},
    {"truecaller", "call", Sureness::likely, R"(Truecaller[ _-](?P<who>.+?)[ _-]{ymd}[ _-]?{hms})"},
    {"epochnum", "call", Sureness::likely, R"((?P<epoch>\d{13})_(?P<who>\+?\d{3,15}))"},
    {"generic", "", Sureness::likely, R"((?P<head>.+?)[-_ ]{ymd}[-_ ]?{hms})", finish_generic},
    {"callwith", "call", Sureness::weak,
     R"((?:Call with|Gesprek met|Telefoongesprek met|Anruf mit|Appel avec|Llamada con) )"
     R"((?P<who>.+))"},
});

struct Compiled {
    const Recorder* recorder;
    NamePattern pattern;
};

std::vector<Compiled> compiled() {
    std::vector<Compiled> out;
    out.reserve(recorders.size());
    for (const auto& one : recorders)
        out.push_back({&one, NamePattern(one.pattern)});
    return out;
}

}  // namespace

std::optional<NamedFile> read_by_recorder(std::string_view stem, std::string_view learnt) {
    static const auto known = compiled();
    for (const auto& [recorder, pattern] : known) {
        const auto groups = pattern.match(stem);
        if (!groups)
            continue;
        NamedFile out;
        out.recorder = recorder->id;
        out.kind = recorder->kind;
        out.time_sureness = recorder->sureness;
        out.who_sureness = recorder->sureness;
        if (take_groups(*groups, out) &&
            (recorder->finish == nullptr || recorder->finish(*groups, learnt, out)))
            return out;
    }
    return std::nullopt;
}

}  // namespace nk::importing
