// Reading recording metadata: pugixml makes a tree of the mended text, the reader walks over it.
// Nothing of pugixml leaves this file.
#include "wire/rs_metadata.h"

#include <algorithm>
#include <array>
#include <utility>

#include <pugixml.hpp>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "wire/sip_grammar.h"
#include "wire/xml_mend.h"

namespace nk::wire {

namespace {

using pugi::xml_attribute;
using pugi::xml_node;

// The same word, however its parts are joined: start-time, start_time, startTime.
bool same_name(std::string_view a, std::string_view b) {
    const auto take = [](std::string_view& text) {
        while (!text.empty() && (text[0] == '-' || text[0] == '_'))
            text.remove_prefix(1);
        const char c = text.empty() ? '\0' : text[0];
        text.remove_prefix(text.empty() ? 0 : 1);
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    while (true) {
        const char c = take(a);
        if (c != take(b))
            return false;
        if (c == '\0')
            return true;
    }
}

std::string_view local_name(std::string_view name) {
    return name.substr(name.rfind(':') + 1);  // npos + 1 is 0
}

bool is_element(xml_node node) {
    return node.type() == pugi::node_element;
}

bool is_called(xml_node node, std::string_view name) {
    return same_name(local_name(node.name()), name);
}

// xmlns or xmlns:prefix, which is no attribute of the element.
bool is_declaration(xml_attribute attribute) {
    return std::string_view(attribute.name()).starts_with("xmlns");
}

std::string_view name_space_of(xml_node node) {
    const std::string_view name = node.name();
    const std::size_t colon = name.find(':');
    std::string declaration = "xmlns";
    if (colon != std::string_view::npos)
        declaration.append(":").append(name.substr(0, colon));
    for (; node; node = node.parent())
        if (const xml_attribute found = node.attribute(declaration.c_str()))
            return found.value();
    return {};
}

// Of a vendor, so that its names mean nothing to us: a name space that is neither the document's
// nor one of IETF's.
bool is_foreign(xml_node node, std::string_view home) {
    const std::string_view space = name_space_of(node);
    return !space.empty() && space != home && !space.starts_with("urn:ietf:params:xml:ns:");
}

// What a node is, where RFC 7865 has it directly in <recording>.
enum class Kind : std::uint8_t {
    other,
    data_mode,
    group,
    session,
    participant,
    stream,
    session_recording,
    participant_session,
    participant_stream
};

Kind kind_named(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Kind>, 8> kinds{
        {{"datamode", Kind::data_mode},
         {"group", Kind::group},
         {"session", Kind::session},
         {"participant", Kind::participant},
         {"stream", Kind::stream},
         {"sessionrecordingassoc", Kind::session_recording},
         {"participantsessionassoc", Kind::participant_session},
         {"participantstreamassoc", Kind::participant_stream}}};
    for (const auto& [known, kind] : kinds)
        if (same_name(known, name))
            return kind;
    return Kind::other;
}

// Neither attributes nor elements in it: what it holds is the id of something, or nothing.
bool is_reference(xml_node node) {
    const auto children = node.children();
    return !node.first_attribute() && std::none_of(children.begin(), children.end(), is_element);
}

bool is_root_name(std::string_view name) {
    return same_name(name, "recording") || same_name(name, "recordingmetadata");
}

// The next node in document order within `top`, or none.
xml_node next_in_order(xml_node node, xml_node top, std::size_t& depth) {
    if (const xml_node child = node.first_child()) {
        ++depth;
        return child;
    }
    while (node != top) {
        if (const xml_node sibling = node.next_sibling())
            return sibling;
        node = node.parent();
        --depth;
    }
    return {};
}

Result<void> check_limits(xml_node top) {
    std::size_t depth = 0;
    std::size_t nodes = 0;
    for (xml_node node = top; node; node = next_in_order(node, top, depth)) {
        if (++nodes > limits::rs_nodes_max)
            return refuse(Code::limit, Blame::peer, "recording metadata has too many elements");
        if (depth > limits::rs_nesting_max)
            return refuse(Code::limit, Blame::peer, "recording metadata is nested too deeply");
        const auto attributes = node.attributes();
        if (static_cast<std::size_t>(std::distance(attributes.begin(), attributes.end())) >
            limits::rs_attributes_max)
            return refuse(Code::limit, Blame::peer,
                          "an element of recording metadata has too many attributes");
    }
    return {};
}

// What stops in mid-word is left out: half a label or half an id is another one.
void remove_cut_off(xml_node top, pugi::xml_parse_status status, bool stops_in_text) {
    xml_node last = top;
    while (last.last_child())
        last = last.last_child();
    const bool is_text = last.type() == pugi::node_pcdata || last.type() == pugi::node_cdata;
    if (is_text && (stops_in_text || status == pugi::status_bad_cdata))
        last.parent().remove_child(last);
    if (status == pugi::status_bad_attribute)
        last.remove_attribute(last.last_attribute());
}

class Reader {
public:
    Result<RsMetadata> read(Bytes xml);

private:
    Result<void> load(Bytes xml);
    xml_node find_root();
    void read_child(xml_node node, std::string_view session_id, std::string_view group_id,
                    std::string_view parent_id);
    void read_data_mode(xml_node node);
    void read_group(xml_node node);
    void read_session(xml_node node, std::string_view group_id);
    bool read_session_field(xml_node child, RsSession& session, RsTimes& times);
    void read_participant(xml_node node, std::string_view session_id);
    void read_names(xml_node node, RsParticipant& participant);
    void add_name(RsParticipant& participant, std::string aor, std::string_view display_name);
    void read_stream(xml_node node, std::string_view session_id);
    bool read_stream_field(xml_node child, RsStream& stream);
    void read_mode(RsStream& stream, std::string_view mode);
    void read_session_recording(xml_node node);
    void read_participant_session(xml_node node);
    void read_participant_stream(xml_node node);
    bool read_flow(xml_node child, RsParticipantStream& assoc);
    void add_flow(std::vector<std::string>& ids, std::string id);
    bool read_times(xml_node child, RsTimes& times);
    void read_extension(xml_node node, RsExtension outer);
    void read_extension_attributes(xml_node node, const RsExtension& of);
    RsExtension extension_within(xml_node node, const RsExtension& outer);
    void add_extension(const RsExtension& extension);
    std::string label_of(xml_node node);

    std::string kept(std::string_view text);
    std::string text_of(xml_node node);
    std::string attribute_of(xml_node node, std::initializer_list<std::string_view> names);
    std::optional<WallTime> time_of(xml_node node);
    void fault(std::string_view what);
    [[nodiscard]] bool is_full(Kind kind) const;

    pugi::xml_document document_;
    std::string home_;  // the document's own name space
    std::size_t flows_ = 0;
    RsMetadata out_;
};

void Reader::fault(std::string_view what) {
    auto& faults = out_.faults;
    if (faults.size() < limits::faults_max &&
        std::find(faults.begin(), faults.end(), what) == faults.end())
        faults.emplace_back(what);
}

std::string Reader::kept(std::string_view text) {
    text = grammar::trim(text);
    if (text.size() > limits::rs_text_bytes_max) {
        fault("a text that is too long, cut");
        std::size_t end = limits::rs_text_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end;  // not within a code point
        text = grammar::trim(text.substr(0, end));
    }
    return as_utf8(text);  // a reference may name half a surrogate pair
}

std::string Reader::text_of(xml_node node) {
    std::string text;
    for (const xml_node child : node.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            text += child.value();
    return kept(text);
}

// The first attribute that is called one of `names`; earlier names first.
std::string Reader::attribute_of(xml_node node, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        for (const xml_attribute attribute : node.attributes())
            if (!is_declaration(attribute) && same_name(local_name(attribute.name()), name))
                return kept(attribute.value());
    return {};
}

std::optional<WallTime> Reader::time_of(xml_node node) {
    const std::string text = text_of(node);
    auto time = wall_time_in(text);
    if (const std::size_t zone = text.find_last_of("+-");
        !time && zone != std::string::npos && text.size() == zone + 5) {
        time = wall_time_in(std::string(text).insert(zone + 3, ":"));
        if (time)
            fault("a time whose zone has no colon");
    }
    if (!time && !text.empty())
        fault("a time that is unreadable or without its zone");
    return time;
}

Result<void> Reader::load(Bytes xml) {
    if (xml.size() > limits::rs_metadata_bytes_max)
        return refuse(Code::limit, Blame::peer, "recording metadata has too many bytes");
    const MendedXml mended = mend_xml(as_text(xml));
    for (const std::string_view what : mended.faults)
        fault(what);
    const auto status =
        document_.load_buffer(mended.text.data(), mended.text.size(), pugi::parse_default,
                              mended.is_wide ? pugi::encoding_auto : pugi::encoding_utf8);
    if (status.status == pugi::status_out_of_memory)
        return refuse(Code::limit, Blame::machine, "no memory for recording metadata");
    NK_TRY(check_limits(document_.root()));
    if (status)
        return {};
    fault("the XML is not well-formed: what follows the damage is not read");
    const bool stops_in_text = !grammar::trim(mended.text).ends_with('>');
    remove_cut_off(document_.root(), status.status, stops_in_text);
    return {};
}

// <recording>, or <recording_metadata> of the drafts, also within something else; any element when
// there is neither.
xml_node Reader::find_root() {
    std::size_t depth = 0;
    xml_node first;
    const xml_node top = document_.root();
    for (xml_node node = top; node; node = next_in_order(node, top, depth)) {
        if (!is_element(node))
            continue;
        if (!first)
            first = node;
        if (!is_root_name(local_name(node.name())))
            continue;
        if (node.parent() != top)
            fault("recording metadata within another element");
        return node;
    }
    if (first)
        fault("the outermost element is not <recording>");
    return first;
}

Result<RsMetadata> Reader::read(Bytes xml) {
    NK_TRY(load(xml));
    const xml_node root = find_root();
    if (!root)
        return refuse(Code::malformed, Blame::peer, "no element in recording metadata");
    home_ = name_space_of(root);
    for (const xml_node child : root.children())
        read_child(child, {}, {}, {});
    return std::move(out_);
}

// A child of <recording>, or of something else that a dialect puts it in: a session's streams, a
// group's sessions. What is not known belongs to `parent_id`.
void Reader::read_child(xml_node node, std::string_view session_id, std::string_view group_id,
                        std::string_view parent_id) {
    if (!is_element(node))
        return;
    Kind kind = is_foreign(node, home_) ? Kind::other : kind_named(local_name(node.name()));
    if (kind != Kind::data_mode && is_reference(node))
        kind = Kind::other;
    if (is_full(kind))
        return fault("too many elements of one kind; the last ones are left out");
    switch (kind) {
        case Kind::data_mode:
            return read_data_mode(node);
        case Kind::group:
            return read_group(node);
        case Kind::session:
            return read_session(node, group_id);
        case Kind::participant:
            return read_participant(node, session_id);
        case Kind::stream:
            return read_stream(node, session_id);
        case Kind::session_recording:
            return read_session_recording(node);
        case Kind::participant_session:
            return read_participant_session(node);
        case Kind::participant_stream:
            return read_participant_stream(node);
        case Kind::other:
            return read_extension(node, {std::string(parent_id), {}, {}, {}});
    }
}

bool Reader::is_full(Kind kind) const {
    const auto count = [&]() -> std::size_t {
        switch (kind) {
            case Kind::group:
                return out_.groups.size();
            case Kind::session:
                return out_.sessions.size();
            case Kind::participant:
                return out_.participants.size();
            case Kind::stream:
                return out_.streams.size();
            case Kind::session_recording:
                return out_.session_recordings.size();
            case Kind::participant_session:
                return out_.participant_sessions.size();
            case Kind::participant_stream:
                return out_.participant_streams.size();
            case Kind::data_mode:
            case Kind::other:
                break;
        }
        return 0;
    };
    return count() >= limits::rs_entries_max;
}

// RFC 7865 5.1.2
void Reader::read_data_mode(xml_node node) {
    const std::string mode = text_of(node);
    out_.is_partial = grammar::equal_ci(mode, "partial");
    if (!out_.is_partial && !grammar::equal_ci(mode, "complete"))
        fault("a data mode that is neither complete nor partial");
}

bool Reader::read_times(xml_node child, RsTimes& times) {
    if (is_called(child, "associate-time"))
        times.associated = time_of(child);
    else if (is_called(child, "disassociate-time")) {
        times.disassociated = time_of(child);
        times.is_over = !text_of(child).empty();
    } else
        return false;
    return true;
}

void Reader::read_group(xml_node node) {
    RsGroup group;
    group.id = attribute_of(node, {"group_id", "id"});
    const std::string id = group.id;
    const std::size_t place = out_.groups.size();
    out_.groups.emplace_back();
    for (const xml_node child : node.children())
        if (is_foreign(child, home_) || !read_times(child, group.times))
            read_child(child, {}, id, id);
    out_.groups[place] = std::move(group);
}

void Reader::read_session(xml_node node, std::string_view group_id) {
    RsSession session;
    session.id = attribute_of(node, {"session_id", "id"});
    if (session.id.empty())
        fault("a session without an id");
    if (!group_id.empty())
        session.group_ids.emplace_back(group_id);
    if (auto group = attribute_of(node, {"group_id", "group"}); !group.empty())
        session.group_ids.push_back(std::move(group));
    const std::string id = session.id;
    const std::size_t place = out_.sessions.size();
    out_.sessions.emplace_back();
    RsTimes times;
    for (const xml_node child : node.children())
        if (is_foreign(child, home_) || !read_session_field(child, session, times))
            read_child(child, id, {}, id);
    if (!session.start_time)
        session.start_time = times.associated;
    if (!session.stop_time)
        session.stop_time = times.disassociated;
    out_.sessions[place] = std::move(session);
}

bool Reader::read_session_field(xml_node child, RsSession& session, RsTimes& times) {
    if (is_called(child, "group-ref") || (is_called(child, "group") && is_reference(child)))
        session.group_ids.push_back(text_of(child));
    else if (is_called(child, "sipSessionID"))
        session.sip_session_ids.push_back(text_of(child));
    else if (is_called(child, "reason"))
        session.reasons.push_back(text_of(child));
    else if (is_called(child, "start-time"))
        session.start_time = time_of(child);
    else if (is_called(child, "stop-time"))
        session.stop_time = time_of(child);
    else
        return read_times(child, times);
    return true;
}

void Reader::read_session_recording(xml_node node) {
    RsSessionRecording assoc;
    assoc.session_id = attribute_of(node, {"session_id", "session", "id"});
    for (const xml_node child : node.children())
        if (is_foreign(child, home_) || !read_times(child, assoc.times))
            read_child(child, {}, {}, assoc.session_id);
    out_.session_recordings.push_back(std::move(assoc));
}

void Reader::add_flow(std::vector<std::string>& ids, std::string id) {
    if (flows_ == limits::rs_flows_max)
        return fault("too many streams are sent or received; the last ones are left out");
    ++flows_;
    ids.push_back(std::move(id));
}

// <send> and <recv> name a stream as their text or in an <id>.
bool Reader::read_flow(xml_node child, RsParticipantStream& assoc) {
    const bool is_send = is_called(child, "send");
    if (!is_send && !is_called(child, "recv"))
        return false;
    auto& ids = is_send ? assoc.send : assoc.recv;
    if (auto id = text_of(child); !id.empty())
        add_flow(ids, std::move(id));
    for (const xml_node inner : child.children())
        if (is_element(inner) && (is_called(inner, "id") || is_called(inner, "stream_id")))
            add_flow(ids, text_of(inner));
    if (auto id = attribute_of(child, {"stream_id", "id"}); !id.empty())
        add_flow(ids, std::move(id));
    return true;
}

// The drafts have session, times and flows within the participant; the RFC made associations of
// them (6.6, 6.8).
void Reader::read_participant(xml_node node, std::string_view session_id) {
    RsParticipant participant;
    participant.id = attribute_of(node, {"participant_id", "id"});
    if (participant.id.empty())
        fault("a participant without an id");
    participant.session_id = attribute_of(node, {"session_id", "session"});
    if (participant.session_id.empty())
        participant.session_id = session_id;
    read_names(node, participant);
    RsParticipantStream flows{participant.id, {}, {}, {}};
    for (const xml_node child : node.children()) {
        const bool is_name =
            is_called(child, "nameID") || is_called(child, "name") || is_called(child, "aor");
        if (is_foreign(child, home_) ||
            (!is_name && !read_times(child, flows.times) && !read_flow(child, flows)))
            read_child(child, participant.session_id, {}, participant.id);
    }
    if (!participant.session_id.empty())
        out_.participant_sessions.push_back({participant.id, participant.session_id, flows.times});
    if (!flows.send.empty() || !flows.recv.empty())
        out_.participant_streams.push_back(std::move(flows));
    out_.participants.push_back(std::move(participant));
}

void Reader::add_name(RsParticipant& participant, std::string aor, std::string_view display_name) {
    if (aor.empty() && display_name.empty())
        return;
    if (participant.names.size() == limits::rs_names_max)
        return fault("a participant has too many names");
    participant.names.push_back({std::move(aor), std::string(display_name)});
}

// <nameID aor="..."><name>..</name></nameID> (6.5), <nameID><aor>..</aor></nameID>, or <aor> and
// <name> in the participant itself, where the name is that of all its AORs.
void Reader::read_names(xml_node node, RsParticipant& participant) {
    const bool is_name_id = is_called(node, "nameID");
    std::vector<std::string> aors;
    std::string display_name = is_name_id ? attribute_of(node, {"name"}) : std::string{};
    if (is_name_id)
        if (auto aor = attribute_of(node, {"aor"}); !aor.empty())
            aors.push_back(std::move(aor));
    for (const xml_node child : node.children()) {
        if (!is_element(child) || is_foreign(child, home_))
            continue;
        if (is_called(child, "aor"))
            aors.push_back(text_of(child));
        else if (is_called(child, "name") && display_name.empty())
            display_name = text_of(child);
        else if (!is_name_id && is_called(child, "nameID"))
            read_names(child, participant);
        else if (is_name_id && !is_called(child, "name"))
            read_extension(child, {participant.id, {}, {}, {}});
    }
    if (is_name_id && aors.empty())
        aors.push_back(text_of(node));
    if (aors.empty())
        add_name(participant, {}, display_name);
    for (std::string& aor : aors)
        add_name(participant, std::move(aor), display_name);
}

void Reader::read_participant_session(xml_node node) {
    RsParticipantSession assoc;
    assoc.participant_id = attribute_of(node, {"participant_id", "participant"});
    assoc.session_id = attribute_of(node, {"session_id", "session"});
    for (const xml_node child : node.children()) {
        if (is_reference(child) && is_called(child, "participant"))
            assoc.participant_id = text_of(child);
        else if (is_reference(child) && is_called(child, "session"))
            assoc.session_id = text_of(child);
        else if (is_foreign(child, home_) || !read_times(child, assoc.times))
            read_child(child, {}, {}, assoc.participant_id);
    }
    if (assoc.participant_id.empty())
        fault("an association without its participant");
    out_.participant_sessions.push_back(std::move(assoc));
}

// Some write the participant and its stream as elements; a stream without a direction is its own.
void Reader::read_participant_stream(xml_node node) {
    RsParticipantStream assoc;
    assoc.participant_id = attribute_of(node, {"participant_id", "participant"});
    for (const xml_node child : node.children()) {
        if (!is_element(child))
            continue;
        const bool is_ours = !is_foreign(child, home_);
        if (is_ours && (is_called(child, "participant") || is_called(child, "participant_id"))) {
            assoc.participant_id = text_of(child);
        } else if (is_ours && (is_called(child, "stream") || is_called(child, "stream_id"))) {
            fault("a stream of a participant without send or recv");
            add_flow(assoc.send, text_of(child));
        } else if (!is_ours || (!read_times(child, assoc.times) && !read_flow(child, assoc))) {
            read_child(child, {}, {}, assoc.participant_id);
        }
    }
    if (assoc.participant_id.empty())
        fault("an association without its participant");
    out_.participant_streams.push_back(std::move(assoc));
}

void Reader::read_mode(RsStream& stream, std::string_view mode) {
    if (grammar::equal_ci(mode, "mixed"))
        stream.mode = RsMode::mixed;
    else if (grammar::equal_ci(mode, "separate"))
        stream.mode = RsMode::separate;
    else if (!mode.empty())
        fault("a stream's mode that is neither mixed nor separate");
}

void Reader::read_stream(xml_node node, std::string_view session_id) {
    RsStream stream;
    stream.id = attribute_of(node, {"stream_id", "id"});
    stream.session_id = attribute_of(node, {"session_id", "session"});
    if (stream.session_id.empty())
        stream.session_id = session_id;
    stream.label = attribute_of(node, {"label"});
    stream.content = attribute_of(node, {"content-type", "content", "type"});
    read_mode(stream, attribute_of(node, {"mode"}));
    for (const xml_node child : node.children())
        if (is_foreign(child, home_) || !read_stream_field(child, stream))
            read_child(child, stream.session_id, {}, stream.id);
    if (stream.id.empty())
        fault("a stream without an id");
    if (stream.label.empty())
        fault("a stream without a label");
    out_.streams.push_back(std::move(stream));
}

bool Reader::read_stream_field(xml_node child, RsStream& stream) {
    if (is_called(child, "label"))
        stream.label = text_of(child);
    else if (is_called(child, "mode"))
        read_mode(stream, text_of(child));
    else if (is_called(child, "content-type") || is_called(child, "content"))
        stream.content = text_of(child);
    else
        return read_times(child, stream.times);
    return true;
}

void Reader::add_extension(const RsExtension& extension) {
    if (out_.extensions.size() == limits::rs_extensions_max)
        return fault("too many extensions; the last ones are left out");
    out_.extensions.push_back(extension);
}

// `outer` is what the element stands in. Bounded by rs_nesting_max, as all that calls itself here.
void Reader::read_extension(xml_node node, RsExtension outer) {
    if (!is_element(node))
        return;
    const bool is_wrapper = is_called(node, "extensiondata");
    if (auto parent = attribute_of(node, {"parent"}); is_wrapper && !parent.empty())
        outer.of = std::move(parent);
    RsExtension extension = is_wrapper ? std::move(outer) : extension_within(node, outer);
    const bool is_bare = !node.first_child() && !node.first_attribute();
    if (!extension.path.empty() && (is_bare || !extension.text.empty()))
        add_extension(extension);
    extension.text.clear();
    if (!is_wrapper)
        read_extension_attributes(node, extension);
    for (const xml_node child : node.children())
        read_extension(child, extension);
}

RsExtension Reader::extension_within(xml_node node, const RsExtension& outer) {
    const std::string label = label_of(node);
    const bool is_outers_value = !outer.path.empty() && label.empty() && is_called(node, "value") &&
                                 !label_of(node.parent()).empty();
    RsExtension extension = outer;
    if (!is_outers_value) {
        extension.name = label.empty() ? std::string(local_name(node.name())) : label;
        extension.path =
            kept(outer.path.empty() ? extension.name : outer.path + "/" + extension.name);
    }
    extension.name = kept(extension.name);
    extension.text = text_of(node);
    if (extension.text.empty() && !label.empty())
        extension.text = attribute_of(node, {"value"});
    return extension;
}

std::string Reader::label_of(xml_node node) {
    return attribute_of(node, {"name", "label", "key"});
}

void Reader::read_extension_attributes(xml_node node, const RsExtension& of) {
    const bool is_labelled = !label_of(node).empty();
    for (const xml_attribute attribute : node.attributes()) {
        const std::string_view name = local_name(attribute.name());
        const bool is_told =
            is_labelled && (name == "name" || name == "label" || name == "key" || name == "value");
        if (is_told || is_declaration(attribute))
            continue;
        add_extension(
            {of.of, kept(of.path + "/" + std::string(name)), kept(name), kept(attribute.value())});
    }
}

}  // namespace

std::string_view RsMetadata::hint(std::string_view name) const {
    for (const RsExtension& extension : extensions)
        if (same_name(extension.name, name))
            return extension.text;
    return {};
}

Result<RsMetadata> parse_rs_metadata(Bytes xml) {
    return Reader().read(xml);
}

}  // namespace nk::wire
