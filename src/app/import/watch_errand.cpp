#include "app/import/watch_errand.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/utf8.h"

namespace nk::app {

namespace {

constexpr Nanos look_every = seconds(2);
constexpr int look_share = 20;  // a look at a large folder takes a twentieth of the time at most
constexpr Nanos remember_every = seconds(30);
constexpr std::size_t problems_max = 10'000;

}  // namespace

WatchErrand::WatchErrand(Tools tools, std::string archive, WatchWish wish, LocalZone zone,
                         std::function<void(WatchNews)> tell, std::function<bool()> between)
    : tools_(tools),
      archive_(std::move(archive)),
      wish_(std::move(wish)),
      zone_(std::move(zone)),
      tell_(std::move(tell)),
      between_(std::move(between)),
      watch_(tools_.disk, tools_.clock, wish_.folder, wish_.state + "/seen.jsonl") {}

bool WatchErrand::step() {
    if (delivery_) {
        if (!delivery_->bring_next())
            end();
        return true;
    }
    const auto now = tools_.clock.now();
    if (!watch_.is_remembered() && now - remembered_ >= remember_every) {
        remembered_ = now;
        if (const auto kept = watch_.remember(); !kept)
            say_trouble(trouble_remembering_, kept.error().what);
        else
            trouble_remembering_.clear();
    }
    if (now < next_look_)
        return false;
    look();
    return delivery_.has_value();
}

void WatchErrand::look() {
    const auto began = tools_.clock.now();
    const auto due = watch_.due();
    const auto ended = tools_.clock.now();
    next_look_ = ended + std::max(look_every, look_share * (ended - began));
    if (!due)
        return say_trouble(trouble_, due.error().what);
    if (due->empty()) {
        trouble_.clear();
        return;
    }
    begin(*due);
}

void WatchErrand::begin(const std::vector<std::string>& due) {
    news_ = {};
    news_.folder = wish_.folder;
    problems_.clear();
    failed_.clear();
    on_the_way_ = due;
    delivery_.emplace(
        DeliveryTools{tools_.disk, tools_.media, tools_.clock, tools_.random, zone_},
        Delivery::Wish{
            archive_, {wish_.purpose, purpose::Basis::capture_file, wish_.own_number}, true},
        [this](const Outcome& outcome) { take(outcome); });
    if (const auto opened = delivery_->open(); !opened) {
        delivery_.reset();
        next_look_ = tools_.clock.now() + minutes(1);
        return say_trouble(trouble_, opened.error().what);
    }
    trouble_.clear();
    delivery_->look(due, goes_on());
    delivery_->learn(watch_.neighbours());
    delivery_->understand(goes_on());
}

void WatchErrand::take(const Outcome& outcome) {
    switch (outcome.became) {
        case Became::recording:
            ++news_.recordings;
            news_.unsure += outcome.known.is_unsure() ? 1 : 0;
            return;
        case Became::known:
            ++news_.known;
            return;
        case Became::left:
            ++news_.left;
            return;
        case Became::failed:
            ++news_.failed;
            failed_.push_back(outcome.source.origin);
            problems_.push_back(outcome.source.path + ": " + outcome.why);
    }
}

void WatchErrand::end() {
    delivery_->finish(false, goes_on());
    const auto& unread = delivery_->found().unread;
    failed_.insert(failed_.end(), unread.begin(), unread.end());
    const auto& wrong = delivery_->wrong();
    problems_.insert(problems_.end(), wrong.begin(), wrong.end());
    news_.people = delivery_->people();
    news_.enriched = delivery_->enriched();
    delivery_.reset();
    std::sort(failed_.begin(), failed_.end());
    for (const auto& path : failed_)
        watch_.failed(path);
    std::erase_if(on_the_way_, [this](const auto& path) {
        return std::binary_search(failed_.begin(), failed_.end(), path);
    });
    watch_.brought(on_the_way_);
    on_the_way_.clear();
    if (!problems_.empty())
        write_problems();
    tell_(news_);
}

Delivery::Looked WatchErrand::goes_on() const {
    return [this](std::uint64_t) { return between_(); };
}

void WatchErrand::say_trouble(std::string& before, const std::string& sentence) {
    if (std::exchange(before, sentence) == sentence)
        return;
    WatchNews news;
    news.folder = wish_.folder;
    news.trouble = sentence;
    tell_(news);
}

// For who may read the state: what is wrong with which file, of the last time that something was.
void WatchErrand::write_problems() {
    const auto path = wish_.state + "/problems.txt";
    const auto written = [&]() -> Result<void> {
        NK_TRY(tools_.disk.remove_tree(path));
        NK_TAKE(const auto file, tools_.disk.create(path));
        std::string text;
        for (std::size_t i = 0; i < std::min(problems_.size(), problems_max); ++i)
            text += as_utf8(problems_[i]) + "\n";
        return file->write(as_bytes(text));
    }();
    if (written)
        news_.problems_in = path;
}

}  // namespace nk::app
