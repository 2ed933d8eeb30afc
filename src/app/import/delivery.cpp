#include "app/import/delivery.h"

#include <utility>

#include "app/catalogue_advice.h"
#include "app/import/address_book.h"
#include "app/import/enrich.h"
#include "archive/house_files.h"
#include "archive/layout.h"

namespace nk::app {

Delivery::Delivery(DeliveryTools tools, Wish wish, Tell tell)
    : tools_(tools), wish_(std::move(wish)), tell_(std::move(tell)), gathering_(tools.zone) {}

Delivery::~Delivery() = default;

Result<void> Delivery::open() {
    auto& [disk, media, clock, random, zone] = tools_;
    NK_TRY(disk.make_folders(wish_.archive));
    NK_TAKE(bringing_, archive::Bringing::begin(disk, clock, random, wish_.archive));
    // Of two that make a catalogue at once SQLite refuses one, and does not let it wait.
    NK_TAKE(const auto turn, bringing_->turn());
    auto catalogue = archive::Catalogue::open(archive::catalogue_path(wish_.archive));
    if (!catalogue)
        return refuse(catalogue.error().code, catalogue.error().blame,
                      with_advice_to_recorders(catalogue.error()));
    catalogue_ = *std::move(catalogue);
    NK_TRY(take_templates());
    vault_.emplace(disk, clock, random, wish_.archive, nullptr);
    importer_.emplace(
        disk, media, *vault_, *bringing_, *catalogue_, wish_.archive, wish_.why,
        wish_.speaks_for_all,
        [this](const Taken& taken) {
            return gathering_.findings_of(taken.source, taken.sidecar_text,
                                          taken.media ? &*taken.media : nullptr);
        },
        tell_);
    return {};
}

// One that the archive keeps was seen to be one when it was kept: a newer program may know more.
Result<void> Delivery::take_templates() {
    std::vector<importing::NameTemplate> templates;
    for (const auto& text : wish_.name_templates) {
        NK_TAKE(auto made, importing::NameTemplate::compile(text));
        templates.push_back(std::move(made));
    }
    const auto kept = archive::read_name_templates(tools_.disk, wish_.archive);
    if (!kept)
        wrong_.push_back(kept.error().what);
    for (const auto& text : kept.value_or(std::vector<std::string>()))
        if (auto made = importing::NameTemplate::compile(text))
            templates.push_back(*std::move(made));
    gathering_.use(std::move(templates));
    return {};
}

void Delivery::look(const std::vector<std::string>& paths, const Looked& looked) {
    Walk walk(tools_.disk, tools_.media, bringing_->scratch(), {}, looked);
    for (const auto& path : paths)
        walk.look(path);
    found_ = walk.take();
}

void Delivery::understand(const Looked& looked) {
    wrong_.insert(wrong_.end(), found_.wrong.begin(), found_.wrong.end());
    auto lists = read_phone_lists(tools_.disk, found_, wrong_);
    gathering_.learn(found_.sounds);
    gathering_.match(tools_.disk, tools_.media, std::move(lists), found_.sounds,
                     [&](std::uint64_t done) { return !looked || looked(done); });
    for (const auto& file : found_.others)
        tell_({file, Became::left, "", "", "it is no sound", {}});
}

bool Delivery::bring_next() {
    if (next_ >= found_.sounds.size())
        return false;
    importer_->bring(found_.sounds[next_++]);
    return true;
}

bool Delivery::look_at_next() {
    if (next_ >= found_.sounds.size())
        return false;
    const auto& file = found_.sounds[next_++];
    Outcome outcome{file, Became::recording, "", "", "", {}};
    const auto seen = tools_.media.look(file.path, file.name);
    outcome.why = seen ? seen->fault : seen.error().what;
    outcome.known = call::know(
        gathering_.findings_of(file, sidecar_text_of(tools_.disk, file), seen ? &*seen : nullptr));
    tell_(outcome);
    return true;
}

// Their cards are read again another time.
void Delivery::cannot_name(const Error& error) {
    wrong_.push_back(error.what);
    for (const auto& file : found_.contacts)
        found_.unread.insert(file.origin);
}

void Delivery::finish(bool was_stopped, const Looked& looked) {
    importer_->finish();
    if (was_stopped)
        return;
    const auto& lists = gathering_.lists();
    enriched_ = enrich_all(tools_.disk, *catalogue_, wish_.archive, wish_.why.own_number, lists,
                           tools_.zone, looked, wrong_);
    if (!wish_.names_people)
        return;
    const auto people = add_to_people(tools_.disk, tools_.random, wish_.archive, lists.cards);
    if (people)
        people_ = *people;
    else
        cannot_name(people.error());
}

}  // namespace nk::app
