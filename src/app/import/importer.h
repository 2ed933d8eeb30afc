#pragma once
// Brings files into an archive: each becomes a recording, or is known already, or is named and
// left. Whatever stops it, what it told of as a recording is safe, and what it did not is where it
// was.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/import/brought_facts.h"
#include "app/import/taken.h"
#include "archive/bring.h"
#include "archive/catalogue.h"
#include "archive/vault.h"
#include "base/media.h"

namespace nk::app {

enum class Became {
    recording,
    known,   // the same file, or the same sound, is there already; what is new of it was added
    left,    // no sound of ours
    failed,  // it may be brought again
};

struct Outcome {
    BroughtFile source;
    Became became = Became::failed;
    std::string id;      // of the recording that it is or was
    std::string sha256;  // of what was stored; of `known`, of the file that was brought
    std::string why;     // of `left` and `failed`, a sentence; of `recording`, what it lacks
    call::Known known;   // of `recording` and `known`
};

// All that was found of a file, in the order of the cascade.
using Gather = std::function<std::vector<call::Finding>(const Taken& taken)>;
using Tell = std::function<void(const Outcome& outcome)>;

class Importer {
public:
    // All of these outlive it. The catalogue is one that can be written; the vault has none, for
    // the rows are entered here. Who does not speak for all
    // adds nothing to what is known of another telephone's recording.
    Importer(Disk& disk, Media& media, archive::Vault& vault, archive::Bringing& bringing,
             archive::Catalogue& catalogue, std::string root, BroughtFor why, bool speaks_for_all,
             Gather gather, Tell tell);

    // Some are told of later, when they have appeared: at the latest in finish().
    void bring(const BroughtFile& source);
    void finish();

private:
    void take(const BroughtFile& source);
    void look_at(Taken taken);
    void end_look();
    void keep(Taken taken);
    // Told, and true, when one of these is known.
    bool is_known(const Taken& taken, const std::string& key);
    void tell_known(const Taken& taken, const std::string& id);
    void tell_failed(const BroughtFile& source, const Error& error);
    // The recording that has this key: in the archive, or one that waits (then all that wait
    // appear).
    Result<std::string> known_by(const std::string& key);
    Result<std::string> there(const std::string& key, bool has_turn);
    Result<void> enter_rows();
    void appear();
    Result<void> drop_those_that_came();

    Disk& disk_;
    Media& media_;
    archive::Vault& vault_;
    archive::Bringing& bringing_;
    archive::Catalogue& catalogue_;
    std::string root_;
    BroughtFor why_;
    bool speaks_for_all_;
    Gather gather_;
    Tell tell_;
    std::deque<Taken> looking_;                 // looked at by others while the next is copied
    std::vector<Taken> taken_;                  // that wait to appear together
    std::vector<recording::Finished> waiting_;  // the same, described
    std::map<std::string, std::size_t> keys_;   // of those
};

}  // namespace nk::app
