#include "listener/preparing.h"

#include <utility>

#include "archive/layout.h"
#include "archive/original.h"
#include "archive/reading.h"
#include "listener/copies.h"
#include "listener/peaks.h"

namespace nk::listener {

namespace {

constexpr std::size_t to_make_max = 100'000;
constexpr std::uint64_t copies_bytes_max = 4ULL << 30U;

}  // namespace

void Preparing::add(std::string_view id) {
    if (bringer_ != nullptr && to_make_.size() < to_make_max)
        to_make_.emplace_back(id);
}

// Half of the time is others'.
void Preparing::made(MonoTime began) {
    is_making_ = false;
    const auto now = counter_.now();
    const auto took = now - began;
    made_in_ = made_in_ == Nanos(0) ? took : (3 * made_in_ + took) / 4;
    next_made_at_ = now + took;
}

std::pair<std::size_t, std::int64_t> Preparing::left() const {
    const auto left = to_make_.size() + (is_making_ ? 1 : 0);
    return {left, to_ms(2 * made_in_ * static_cast<std::int64_t>(left))};
}

void Preparing::tick() {
    if (!to_make_.empty() && !is_making_ && counter_.now() >= next_made_at_)
        next();
}

// One at a time: whoever wants to hear something comes first.
void Preparing::next() {
    const auto& house = counter_.house();
    const auto& options = counter_.options();
    while (!to_make_.empty() && !is_making_) {
        const auto id = std::move(to_make_.front());
        to_make_.pop_front();
        if (house.disk.exists(peaks_path(options.state, id)) ||
            !archive::is_in_its_day(house.disk, options.archive, id))
            continue;
        const auto facts = archive::read_facts(house.disk, options.archive, id);
        if (!facts || !archive::is_original(*facts))
            continue;
        auto wish = copy_wish(options.archive, options.state, *facts, copy_for_browsers(*facts));
        is_making_ = true;
        const auto began = counter_.now();
        const bool is_taken =
            bringer_->post([this, began, &disk = house.disk, state = options.state,
                            wish = std::move(wish)](Media& media) {
                (void)make_copy(disk, media, wish);  // when it is wanted it says what is wrong
                if (!wish.copy.empty())
                    (void)limit_copies(disk, state, copies_bytes_max);
                return std::function<void()>([this, began] { made(began); });
            });
        if (is_taken)
            return;
        is_making_ = false;
        to_make_.push_front(id);
        return;
    }
}

}  // namespace nk::listener
