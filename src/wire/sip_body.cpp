// Bodies of several parts (RFC 2046 5.1), as SIPREC and others send them beside the SDP.
//
// Lenient: a missing boundary parameter is guessed from the first line that begins with "--", a
// missing last boundary ends the last part at the end of the body, bare LF is a line end.
#include <algorithm>

#include "base/limits.h"
#include "wire/sip.h"
#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

using grammar::Line;

struct Boundary {
    std::size_t at = 0;    // where its line begins
    std::size_t next = 0;  // behind its line
    bool is_last = false;
};

// The next line that is "--", the boundary, perhaps "--", and blanks.
std::optional<Boundary> find_boundary(std::string_view body, std::size_t at,
                                      std::string_view boundary) {
    while (at < body.size()) {
        const Line line = grammar::read_line(body, at, at, false);
        std::string_view text = line.text;
        if (text.starts_with("--") && text.substr(2).starts_with(boundary)) {
            text.remove_prefix(2 + boundary.size());
            const bool is_last = text.starts_with("--");
            if (is_last)
                text.remove_prefix(2);
            if (grammar::trim(text).empty())
                return Boundary{at, line.next, is_last};
        }
        at = line.next;
    }
    return std::nullopt;
}

// The boundary parameter, without quotes.
std::string_view boundary_of(std::string_view content_type, std::string_view body) {
    std::string_view boundary = grammar::parameter(content_type, "boundary");
    if (boundary.size() >= 2 && boundary.front() == '"' && boundary.back() == '"')
        boundary = boundary.substr(1, boundary.size() - 2);
    if (!boundary.empty())
        return boundary;
    for (std::size_t at = 0; at < body.size();) {
        const Line line = grammar::read_line(body, at, at, false);
        if (line.text.size() > 2 && line.text.starts_with("--"))
            return grammar::trim(line.text.substr(2));
        at = line.next;
    }
    return {};
}

struct PartHead {
    BodyPart part;
    std::string_view whole_content_type;
    std::size_t body_at = 0;
};

void take_part_header(std::string_view name, std::string_view value, PartHead& head) {
    const std::string_view without_parameters = grammar::trim(value.substr(0, value.find(';')));
    if (grammar::equal_ci(name, "Content-Type")) {
        head.whole_content_type = value;
        head.part.content_type = without_parameters;
    } else if (grammar::equal_ci(name, "Content-Disposition")) {
        head.part.disposition = without_parameters;
    } else if (grammar::equal_ci(name, "Content-ID")) {
        if (value.size() >= 2 && value.front() == '<' && value.back() == '>')
            value = value.substr(1, value.size() - 2);
        head.part.content_id = value;
    }
}

// The MIME header fields in front of a part's body. A value that goes on in the next line is one
// view with the line end in it.
PartHead read_part_head(std::string_view part) {
    PartHead head;
    std::string_view name;
    std::size_t value_at = 0;
    std::size_t value_end = 0;
    const auto take = [&] {
        if (!name.empty())
            take_part_header(name, grammar::trim(part.substr(value_at, value_end - value_at)),
                             head);
    };
    for (std::size_t at = 0; at < part.size();) {
        const Line line = grammar::read_line(part, at, at, false);
        head.body_at = line.next;
        if (line.text.empty())
            break;
        const std::size_t colon = line.text.find(':');
        if (grammar::is_blank(line.text.front()) && !name.empty()) {
            value_end = at + line.text.size();
        } else if (colon == std::string_view::npos ||
                   !grammar::is_token(grammar::trim(line.text.substr(0, colon)))) {
            head.body_at = at;  // the empty line is missing: the body begins here
            break;
        } else {
            take();
            name = grammar::trim(line.text.substr(0, colon));
            value_at = at + colon + 1;
            value_end = at + line.text.size();
        }
        at = line.next;
    }
    take();
    return head;
}

// The line end in front of a boundary belongs to the boundary.
std::string_view without_last_line_end(std::string_view text) {
    if (text.ends_with('\n'))
        text.remove_suffix(1);
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    return text;
}

bool is_multipart(std::string_view content_type) {
    return grammar::starts_with_ci(grammar::trim(content_type), "multipart/");
}

void collect(std::string_view content_type, std::string_view body, std::size_t nesting,
             std::vector<BodyPart>& out) {
    const std::string_view boundary = boundary_of(content_type, body);
    if (boundary.empty())
        return;
    auto open = find_boundary(body, 0, boundary);
    while (open && !open->is_last && out.size() < limits::sip_body_parts_max) {
        const auto close = find_boundary(body, open->next, boundary);
        const std::size_t end = close ? close->at : body.size();
        std::string_view part = body.substr(open->next, end - open->next);
        if (close)
            part = without_last_line_end(part);
        PartHead head = read_part_head(part);
        const std::string_view inner = part.substr(std::min(head.body_at, part.size()));
        if (is_multipart(head.part.content_type) && nesting < limits::sip_body_nesting_max) {
            collect(head.whole_content_type, inner, nesting + 1, out);
        } else {
            head.part.body = as_bytes(inner);
            out.push_back(head.part);
        }
        open = close;
    }
}

}  // namespace

std::vector<BodyPart> body_parts(std::string_view content_type, Bytes body) {
    std::vector<BodyPart> parts;
    if (body.empty())
        return parts;
    if (is_multipart(content_type))
        collect(content_type, as_text(body), 1, parts);
    if (parts.empty())
        parts.push_back(
            {grammar::trim(content_type.substr(0, content_type.find(';'))), {}, {}, body});
    return parts;
}

}  // namespace nk::wire
