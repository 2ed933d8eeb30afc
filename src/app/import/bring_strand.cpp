#include "app/import/bring_strand.h"

#include <chrono>
#include <optional>
#include <utility>

#include "app/catalogue_advice.h"
#include "app/import/gathering.h"
#include "app/import/importer.h"
#include "app/import/local_zone.h"
#include "app/import/walk.h"
#include "app/import/words.h"
#include "archive/layout.h"
#include "base/limits.h"

namespace nk::app {

namespace {

constexpr std::size_t folders_waiting_max = 64;
constexpr Nanos news_every = milliseconds(300);
constexpr auto idle_wait = std::chrono::milliseconds(200);

std::string who_of(const call::Known& known) {
    return !known.names.empty()     ? known.names.front()
           : !known.numbers.empty() ? known.numbers.front()
                                    : "";
}

}  // namespace

// One folder on its way in, a file at a time.
class BringStrand::Folder {
public:
    Folder(BringStrand& strand, std::string name, listener::BringWish wish,
           std::function<void(listener::BringNews)> news)
        : strand_(strand), name_(std::move(name)), wish_(std::move(wish)), news_(std::move(news)) {}

    [[nodiscard]] const std::string& name() const { return name_; }
    // Does a piece; false when it is over.
    bool step();
    void end(bool was_stopped);

private:
    Result<void> open();
    void take(const Outcome& outcome);
    void send(bool is_over, bool was_stopped);
    [[nodiscard]] std::string place_below(const std::string& place) const;
    [[nodiscard]] static std::string path_of(const BroughtFile& file);

    BringStrand& strand_;
    std::string name_;
    listener::BringWish wish_;
    std::function<void(listener::BringNews)> news_;
    std::optional<LocalZone> zone_;
    std::optional<Gathering> gathering_;
    std::unique_ptr<archive::Catalogue> catalogue_;
    std::unique_ptr<archive::Bringing> bringing_;
    std::optional<archive::Vault> vault_;
    std::optional<Importer> importer_;
    Found found_;
    std::size_t next_ = 0;
    bool is_open_ = false;
    listener::BringNews pending_;
    MonoTime told_{};
};

// Its folders as they were where it came from.
std::string BringStrand::Folder::place_below(const std::string& place) const {
    const auto root = wish_.folder.substr(wish_.folder.starts_with('/') ? 1 : 0);
    return place.starts_with(root) ? place.substr(std::min(root.size() + 1, place.size())) : place;
}

std::string BringStrand::Folder::path_of(const BroughtFile& file) {
    return file.place.empty() ? file.name : file.place + "/" + file.name;
}

Result<void> BringStrand::Folder::open() {
    NK_TAKE(auto zone, host::TimeZone::named(wish_.zone));
    zone_.emplace(std::move(zone));
    gathering_.emplace(*zone_);
    NK_TAKE(bringing_, archive::Bringing::begin(strand_.disk_, strand_.clock_, strand_.random_,
                                                strand_.archive_));
    // Of two that make a catalogue at once SQLite refuses one, and does not let it wait.
    auto turn = bringing_->turn();
    if (!turn)
        return tl::unexpected(turn.error());
    auto catalogue = archive::Catalogue::open(archive::catalogue_path(strand_.archive_));
    if (!catalogue)
        return refuse(catalogue.error().code, catalogue.error().blame,
                      with_advice_to_recorders(catalogue.error()));
    catalogue_ = *std::move(catalogue);
    turn->reset();
    Walk walk(strand_.disk_, strand_.media_, bringing_->scratch(), {}, nullptr);
    walk.look(wish_.folder);
    found_ = walk.take();
    for (auto& file : found_.others)
        file.place = place_below(file.place);
    for (auto& file : found_.sounds) {
        file.place = place_below(file.place);
        const auto known = wish_.modified.find(path_of(file));
        if (known != wish_.modified.end())
            file.modified = known->second;
    }
    pending_.wrong = found_.wrong;
    pending_.total = found_.sounds.size();
    gathering_->learn(found_.sounds);
    vault_.emplace(strand_.disk_, strand_.clock_, strand_.random_, strand_.archive_,
                   catalogue_.get());
    importer_.emplace(
        strand_.disk_, strand_.media_, *vault_, *bringing_, *catalogue_, strand_.archive_,
        BroughtFor{wish_.purpose, purpose::Basis::capture_file, wish_.own_number},
        [this](const Taken& taken) { return gathering_->findings_of(taken); },
        [this](const Outcome& outcome) { take(outcome); });
    for (const auto& file : found_.others)
        take({file, Became::left, "", "", "it is no sound", {}});
    return {};
}

void BringStrand::Folder::take(const Outcome& outcome) {
    pending_.ones.push_back({path_of(outcome.source), std::string(name_of(outcome.became)),
                             outcome.id, outcome.sha256, outcome.why, who_of(outcome.known),
                             outcome.known.is_message, outcome.known.is_unsure()});
}

void BringStrand::Folder::send(bool is_over, bool was_stopped) {
    const auto now = strand_.clock_.now();
    if (!is_over && now - told_ < news_every)
        return;
    told_ = now;
    listener::BringNews news = std::move(pending_);
    news.total = found_.sounds.size() + found_.others.size();
    news.is_over = is_over;
    news.was_stopped = was_stopped;
    pending_ = {};
    strand_.loop_.post([tell = news_, news = std::move(news)]() mutable { tell(std::move(news)); });
}

bool BringStrand::Folder::step() {
    if (!std::exchange(is_open_, true)) {
        if (const auto opened = open(); !opened) {
            pending_.wrong.push_back(opened.error().what);
            end(true);
            return false;
        }
        send(false, false);
        return true;
    }
    if (strand_.is_stopped(name_)) {
        end(true);
        return false;
    }
    if (next_ < found_.sounds.size()) {
        importer_->bring(found_.sounds[next_++]);
        send(false, false);
        return true;
    }
    end(false);
    return false;
}

void BringStrand::Folder::end(bool was_stopped) {
    if (importer_) {
        importer_->finish();
        while (vault_->catch_up()) {
        }
    }
    importer_.reset();
    bringing_.reset();
    send(true, was_stopped);
}

BringStrand::BringStrand(host::Loop& loop, std::string archive, std::string helper)
    : loop_(loop),
      archive_(std::move(archive)),
      media_(helper),
      ears_(std::move(helper)),
      strand_("nk-bring", [this] { turn(); }) {}

BringStrand::~BringStrand() {
    stop();
}

void BringStrand::stop() {
    {
        const std::lock_guard hold(mutex_);
        is_ending_ = true;
    }
    has_more_.notify_all();
    strand_.stop();
}

bool BringStrand::bring(const std::string& name, listener::BringWish wish,
                        std::function<void(listener::BringNews)> news) {
    {
        const std::lock_guard hold(mutex_);
        if (folders_.size() >= folders_waiting_max)
            return false;
        stopped_.erase(name);
        folders_.push_back(std::make_unique<Folder>(*this, name, std::move(wish), std::move(news)));
    }
    has_more_.notify_one();
    return true;
}

void BringStrand::stop(const std::string& name) {
    const std::lock_guard hold(mutex_);
    stopped_.insert(name);
}

bool BringStrand::is_stopped(const std::string& name) {
    const std::lock_guard hold(mutex_);
    return stopped_.contains(name);
}

bool BringStrand::post(std::function<std::function<void()>(Media&)> job) {
    {
        const std::lock_guard hold(mutex_);
        if (jobs_.size() >= limits::work_waiting_max)
            return false;
        jobs_.push_back(std::move(job));
    }
    has_more_.notify_one();
    return true;
}

std::string BringStrand::trouble_with_zone(const std::string& zone) {
    const auto named = host::TimeZone::named(zone);
    return named ? "" : named.error().what;
}

// Who wants to hear something first, then a piece of the folder that has waited longest.
void BringStrand::turn() {
    std::function<std::function<void()>(Media&)> job;
    Folder* folder = nullptr;
    {
        std::unique_lock hold(mutex_);
        has_more_.wait_for(hold, idle_wait,
                           [&] { return is_ending_ || !jobs_.empty() || !folders_.empty(); });
        if (is_ending_)
            return;
        if (!jobs_.empty()) {
            job = std::move(jobs_.front());
            jobs_.pop_front();
        } else if (!folders_.empty()) {
            folder = folders_.front().get();
        }
    }
    // What the job holds goes on the window's strand, too: an answer may be among it.
    if (job)
        loop_.post([then = job(ears_), job = std::move(job)] { then(); });
    if (folder == nullptr || folder->step())
        return;
    const std::lock_guard hold(mutex_);
    folders_.pop_front();
}

}  // namespace nk::app
