#pragma once
// What is brought together, from looking through it to the last of it that appeared: the command,
// the window and a watched folder all bring by this.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/import/gathering.h"
#include "app/import/importer.h"
#include "app/import/walk.h"
#include "archive/bring.h"
#include "archive/catalogue.h"
#include "archive/vault.h"

namespace nk::app {

// All of these outlive the delivery.
struct DeliveryTools {
    Disk& disk;
    Media& media;
    const Clock& clock;
    Random& random;
    const importing::Zone& zone;
};

class Delivery {
public:
    struct Wish {
        std::string archive;
        BroughtFor why{};
        // Contacts become people of the archive, and give names to everybody's calls.
        bool names_people = true;
        // Whoever brings may say what is found of every recording that is there already; else only
        // of those of the same telephone.
        bool speaks_for_all = true;
        // Before those that the archive keeps.
        std::vector<std::string> name_templates{};
    };
    // Whether to go on, by how many files were looked at; may be null.
    using Looked = std::function<bool(std::uint64_t files)>;

    Delivery(DeliveryTools tools, Wish wish, Tell tell);
    ~Delivery();

    Result<void> open();
    // In this order: whatever there is to be looked at; what it means; file by file; the end.
    void look(const std::vector<std::string>& paths, const Looked& looked);
    // What was found, to be changed before understand().
    [[nodiscard]] Found& found() { return found_; }
    void understand(const Looked& looked);
    // False when there is none left.
    bool bring_next();
    // Nothing is kept: what would be found of each file.
    bool look_at_next();
    // What has been brought appears; and, unless it was stopped, what the telephone's lists say
    // goes to the recordings that were there before them.
    void finish(bool was_stopped, const Looked& looked);
    // Names that lie where these do, to learn from; before understand().
    void learn(const std::vector<BroughtFile>& neighbours) { gathering_.learn(neighbours); }

    // Sentences, and what lists brought; whole after finish().
    [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }
    [[nodiscard]] std::uint64_t people() const { return people_; }
    // Recordings that were there before and know more now.
    [[nodiscard]] std::uint64_t enriched() const { return enriched_; }
    [[nodiscard]] std::uint64_t done() const { return next_; }

private:
    Result<void> take_templates();
    void cannot_name(const Error& error);

    DeliveryTools tools_;
    Wish wish_;
    Tell tell_;
    Gathering gathering_;
    std::unique_ptr<archive::Catalogue> catalogue_;
    std::unique_ptr<archive::Bringing> bringing_;
    std::optional<archive::Vault> vault_;
    std::optional<Importer> importer_;
    Found found_;
    std::size_t next_ = 0;
    std::vector<std::string> wrong_;
    std::uint64_t people_ = 0;
    std::uint64_t enriched_ = 0;
};

}  // namespace nk::app
