#pragma once
// All that was found for one file, in the order of who is to be believed: what the recorder laid
// beside it, the folders, the name, the tags, the phone's list of calls, its contacts, and last the
// file's own time. Nothing is thrown away; what counts is picked by call::best. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call/finding.h"
#include "intake/import/contact_book.h"
#include "intake/import/file_name.h"
#include "intake/import/folder_facts.h"
#include "intake/import/sidecar.h"
#include "intake/import/stamp.h"
#include "wire/call_log.h"

namespace nk::importing {

struct Tag {
    std::string key;  // in whatever case
    std::string value;
};

struct FoundFile {
    std::string path;                      // with its folders, as far as they are known
    std::string learnt_prefix;             // of learn_prefix, for that folder
    std::optional<NamedFile> by_template;  // when a template of the user's read the name
    std::optional<Sidecar> sidecar;
    // Findings of other files that lay beside it (Google's page, Apple's transcript).
    std::vector<call::Finding> beside;
    std::vector<Tag> tags;
    std::optional<wire::LoggedCall> logged;
    const ContactBook* contacts = nullptr;
    // When the file was last written: on most phones that is when the call ended.
    std::optional<WallTime> file_time;
    std::optional<Nanos> length;  // of the sound
};

struct Gathered {
    std::string started;                             // RFC 3339; empty when nothing says when
    call::Sureness sureness = call::Sureness::weak;  // of the start
    std::string remark;                              // of the start
    std::string direction;
    std::vector<std::string> numbers;
    std::vector<std::string> names;
    std::string kind;
    std::string recorder;
    std::vector<std::string> lacks;
    // Somebody should have a look: "no-date", "weak-date", "nobody", "weak-party".
    bool is_unsure = false;
    std::vector<std::string> why;
    std::vector<call::Finding> findings;  // all of them
};

Gathered gather(const FoundFile& file, const Zone& zone);
// The same of findings that are there already: after somebody said more.
Gathered gathered(std::vector<call::Finding> findings);

// What tags say: of dates only those of the recording itself. Encoding, tagging and buying have
// dates too, and a clock that was never set says 1904 or 1970.
std::vector<call::Finding> findings_of(const std::vector<Tag>& tags, std::optional<Nanos> length,
                                       const Zone& zone);
std::vector<call::Finding> findings_of(const wire::LoggedCall& logged, const Zone& zone);

}  // namespace nk::importing
