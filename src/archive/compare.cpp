#include "archive/compare.h"

#include <memory>
#include <set>
#include <utility>

#include "archive/layout.h"
#include "archive/reading.h"

namespace nk::archive {

namespace {

// What the two rows do not agree about, in words; empty when they agree.
std::string differences(const Row& is, const Row& should, bool knows_conversations) {
    std::string names;
    for (std::size_t i = 0; i < should.size(); ++i) {
        if (should[i].column == conversation_column && !knows_conversations)
            continue;
        if (i >= is.size() || is[i].value != should[i].value)
            names += (names.empty() ? "" : ", ") + should[i].column;
    }
    return names;
}

class Comparison {
public:
    Comparison(Disk& disk, const std::string& root, Catalogue& catalogue,
               const std::vector<std::string>& ids)
        : disk_(disk), root_(root), catalogue_(catalogue), found_(ids.begin(), ids.end()) {}

    // At one moment of the catalogue, since a recording that comes may change others' rows: their
    // conversation.
    Result<void> look() {
        NK_TRY(catalogue_.check());
        NK_TAKE(should_, Catalogue::open(""));  // a file of SQLite's own, gone when it is closed
        NK_TAKE(const auto listed, catalogue_.ids());
        for (const auto& id : listed)
            NK_TRY(enter(id));
        for (const auto& id : to_compare_)
            NK_TRY(compare(id));
        for (const auto& id : found_)
            if (!in_catalogue_.contains(id))
                missing_.push_back(id);
        return {};
    }

    // A folder appears a moment before its row: whoever has got one by now was only late. When
    // nobody records any more before the look, there is no row to be waited for.
    Result<void> look_again(const MayCome& may_come) {
        for (bool is_last = false; !missing_.empty() && !is_last;) {
            is_last = !may_come();
            NK_TAKE(const auto listed, catalogue_.ids());
            const std::set<std::string> now(listed.begin(), listed.end());
            std::erase_if(missing_, [&](const auto& id) { return now.contains(id); });
        }
        for (const auto& id : missing_)
            complain(id, "it is not in the catalogue; naklank rebuild enters it");
        return {};
    }

    std::vector<Verdict> verdicts;

private:
    void complain(const std::string& id, std::string problem) {
        verdicts.push_back({id, {std::move(problem)}, 0});
    }

    Result<void> enter(const std::string& id) {
        in_catalogue_.insert(id);
        if (!is_id(id) || !is_in_its_day(disk_, root_, id)) {
            if (!is_out_of_sight(id))
                complain(id, "it is in the catalogue, but its folder is gone");
            knows_conversations_ = false;
            return {};
        }
        const auto facts = read_facts(disk_, root_, id);
        if (!facts) {  // which verify_recording() tells
            knows_conversations_ = false;
            return {};
        }
        to_compare_.push_back(id);
        return should_->insert(*facts);
    }

    // Its day may be there and closed to us, which the inventory tells.
    bool is_out_of_sight(const std::string& id) {
        if (!is_id(id))
            return false;
        const auto day = disk_.list(day_folder(root_, id));
        return !day && day.error().code != Code::not_found;
    }

    Result<void> compare(const std::string& id) {
        NK_TAKE(const auto is, catalogue_.row_of(id));
        NK_TAKE(const auto should, should_->row_of(id));
        if (const auto names = differences(is, should, knows_conversations_); !names.empty())
            complain(id, "the catalogue does not say what the recording says (" + names +
                             "); naklank rebuild makes its row again");
        return {};
    }

    Disk& disk_;
    const std::string& root_;
    Catalogue& catalogue_;
    std::set<std::string> found_;
    std::set<std::string> in_catalogue_;
    std::vector<std::string> to_compare_;
    std::vector<std::string> missing_;
    std::unique_ptr<Catalogue> should_;
    // A recording that cannot be read may be what joins two others.
    bool knows_conversations_ = true;
};

}  // namespace

Result<std::vector<Verdict>> compare_catalogue(Disk& disk, const std::string& root,
                                               Catalogue* catalogue,
                                               const std::vector<std::string>& ids,
                                               const MayCome& may_come) {
    if (catalogue == nullptr) {
        std::vector<Verdict> verdicts;
        for (const auto& id : ids)
            verdicts.push_back({id, {"it is not in the catalogue; naklank rebuild enters it"}, 0});
        return verdicts;
    }
    Comparison comparison(disk, root, *catalogue, ids);
    NK_TRY(catalogue->at_one_moment([&] { return comparison.look(); }));
    NK_TRY(comparison.look_again(may_come));
    return std::move(comparison.verdicts);
}

}  // namespace nk::archive
