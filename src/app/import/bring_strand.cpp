#include "app/import/bring_strand.h"

#include <chrono>
#include <optional>
#include <utility>

#include "app/import/delivery.h"
#include "app/import/local_zone.h"
#include "app/import/words.h"
#include "base/limits.h"
#include "intake/import/name_template.h"

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
    Delivery::Looked goes_on();
    [[nodiscard]] std::string place_below(const std::string& place) const;
    [[nodiscard]] static std::string path_of(const BroughtFile& file);

    BringStrand& strand_;
    std::string name_;
    listener::BringWish wish_;
    std::function<void(listener::BringNews)> news_;
    std::optional<LocalZone> zone_;
    std::optional<Delivery> delivery_;
    bool is_open_ = false;
    bool is_understood_ = false;
    listener::BringNews pending_;
    MonoTime told_{};
};

// While it looks at many files, whoever wants to hear something has a turn.
Delivery::Looked BringStrand::Folder::goes_on() {
    return [this](std::uint64_t) {
        strand_.run_job();
        return !strand_.is_stopped(name_);
    };
}

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
    delivery_.emplace(
        DeliveryTools{strand_.disk_, strand_.media_, strand_.clock_, strand_.random_, *zone_},
        Delivery::Wish{strand_.archive_,
                       {wish_.purpose, purpose::Basis::capture_file, wish_.own_number},
                       wish_.names_people,
                       false,
                       {}},
        [this](const Outcome& outcome) { take(outcome); });
    NK_TRY(delivery_->open());
    delivery_->look({wish_.folder}, goes_on());
    auto& found = delivery_->found();
    for (auto& file : found.others)
        file.place = place_below(file.place);
    for (auto& file : found.sounds) {
        file.place = place_below(file.place);
        const auto known = wish_.modified.find(path_of(file));
        if (known != wish_.modified.end())
            file.modified = known->second;
    }
    delivery_->understand(goes_on());
    is_understood_ = true;
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
    if (delivery_)
        news.total = delivery_->found().sounds.size() + delivery_->found().others.size();
    news.is_over = is_over;
    news.was_stopped = was_stopped;
    pending_ = {};
    strand_.loop_.post([follow = strand_.follow_, tell = news_, news = std::move(news)]() mutable {
        follow();  // what is told of can be heard
        tell(std::move(news));
    });
}

bool BringStrand::Folder::step() {
    if (!std::exchange(is_open_, true)) {
        if (const auto opened = open(); !opened) {
            pending_.wrong.push_back(opened.error().what);
            pending_.could_not_begin = true;
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
    if (delivery_->bring_next()) {
        send(false, false);
        return true;
    }
    end(false);
    return false;
}

void BringStrand::Folder::end(bool was_stopped) {
    if (is_understood_) {
        delivery_->finish(was_stopped, goes_on());
        pending_.wrong = delivery_->wrong();
        pending_.people = delivery_->people();
        pending_.enriched = delivery_->enriched();
    }
    send(true, was_stopped);
    delivery_.reset();
}

BringStrand::BringStrand(host::Loop& loop, std::string archive, std::string helper,
                         const std::vector<WatchWish>& watched, std::function<void(WatchNews)> tell,
                         std::function<void()> follow)
    : loop_(loop),
      archive_(std::move(archive)),
      follow_(std::move(follow)),
      media_(helper),
      eyes_(helper),
      ears_(std::move(helper)) {
    for (const auto& wish : watched) {
        auto zone = host::TimeZone::named(wish.zone);
        if (!zone)
            continue;  // the plan has seen that it is one
        watched_.emplace_back(
            WatchErrand::Tools{disk_, eyes_, clock_, random_}, archive_, wish,
            LocalZone(*std::move(zone)),
            [this, tell](WatchNews news) {
                loop_.post([tell, news = std::move(news)] { tell(news); });
            },
            [this] {
                run_job();
                return !is_ending_now();
            });
    }
    strand_.emplace("nk-bring", [this] { turn(); });
}

BringStrand::~BringStrand() {
    stop();
}

void BringStrand::stop() {
    {
        const std::lock_guard hold(mutex_);
        is_ending_ = true;
    }
    has_more_.notify_all();
    if (strand_)
        strand_->stop();
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
    return is_ending_ || stopped_.contains(name);
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

listener::NamesRead BringStrand::read_names(const std::string& name_template,
                                            const std::string& zone,
                                            const std::vector<std::string>& names) {
    listener::NamesRead out;
    const auto made = importing::NameTemplate::compile(name_template);
    auto named = host::TimeZone::named(zone);
    if (!made || !named) {
        out.trouble = made ? named.error().what : made.error().what;
        return out;
    }
    const LocalZone here(*std::move(named));
    for (const auto& row : importing::preview(*made, names)) {
        out.rows.emplace_back();
        if (!row.read)
            continue;
        const auto findings = importing::findings_of(*row.read, here);
        const auto started = call::best(findings, call::Fact::started);
        out.rows.back() =
            listener::NameRead{started.empty() ? "" : started.front()->value, row.read->direction,
                               row.read->numbers, row.read->names};
    }
    return out;
}

bool BringStrand::is_ending_now() {
    const std::lock_guard hold(mutex_);
    return is_ending_;
}

// Whoever wants to hear something. False when nobody does.
bool BringStrand::run_job() {
    std::function<std::function<void()>(Media&)> job;
    {
        const std::lock_guard hold(mutex_);
        if (is_ending_ || jobs_.empty())
            return false;
        job = std::move(jobs_.front());
        jobs_.pop_front();
    }
    // What the job holds goes on the window's strand, too: an answer may be among it.
    auto then = job(ears_);
    loop_.post([then = std::move(then), job = std::move(job)] { then(); });
    return true;
}

// One after the other: the process that looks into files has one at a time.
void BringStrand::step_watched() {
    if (busy_ != nullptr && busy_->step())
        return;
    busy_ = nullptr;
    for (auto& errand : watched_)
        if (errand.step()) {
            busy_ = &errand;
            return;
        }
}

// Who wants to hear something first, then a piece of the folder that has waited longest, and one of
// a folder that is watched.
void BringStrand::turn() {
    Folder* folder = nullptr;
    {
        const auto wait = busy_ == nullptr ? idle_wait : std::chrono::milliseconds(0);
        std::unique_lock hold(mutex_);
        has_more_.wait_for(hold, wait,
                           [&] { return is_ending_ || !jobs_.empty() || !folders_.empty(); });
        if (is_ending_)
            return;
        if (!folders_.empty())
            folder = folders_.front().get();
    }
    if (run_job())
        return;
    step_watched();
    if (folder == nullptr || folder->step())
        return;
    const std::lock_guard hold(mutex_);
    folders_.pop_front();
}

}  // namespace nk::app
