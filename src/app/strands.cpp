#include "app/strands.h"

#include <utility>

#include "base/limits.h"

namespace nk::app {

namespace {

constexpr Nanos writer_wait = milliseconds(50);
constexpr Nanos sealer_wait = milliseconds(50);
constexpr Nanos disk_retry_wait = milliseconds(500);
constexpr Nanos room_wait = milliseconds(200);

}  // namespace

Strands::Strands(recording::journal::Journal& journal, recording::Sealer& sealer,
                 const Clock& clock, Recover recover)
    : journal_(journal),
      sealer_(sealer),
      clock_(clock),
      recover_(std::move(recover)),
      last_retry_(clock.now()),
      writer_("nk-journal", [this] { write_turn(); }),
      sealing_("nk-sealing", [this] { seal_turn(); }) {}

void Strands::write_turn() {
    journal_.wait_for_work(writer_wait);
    const auto done = journal_.step();
    std::unique_lock guard(mutex_);
    journal_trouble_ = done ? std::optional<Error>() : done.error();
    if (!done)
        retry_.wait_for(guard, disk_retry_wait);
}

void Strands::seal_turn() {
    if (recover_) {
        auto recovered = std::exchange(recover_, nullptr)();
        if (recovered)
            for (auto& job : std::exchange(recovered->jobs, {}))
                sealer_.push(std::move(job));
        const std::lock_guard guard(mutex_);
        recovered_ = std::move(recovered);
        is_recovering_ = false;
    }
    // In turn with the calls that wait, of which there may always be some.
    if (has_more_to_list_)
        has_more_to_list_ = sealer_.catch_up();
    if (clock_.now() - last_retry_ >= limits::seal_retry_wait) {
        last_retry_ = clock_.now();
        has_more_to_list_ = sealer_.retry();
    }
    if (!sealer_.step() && !has_more_to_list_)
        sealer_.wait_for_work(sealer_wait);
}

void Strands::make_room() {
    if (journal_.is_full())
        journal_.wait_for_room(room_wait);
    if (sealer_.waiting() >= limits::seals_waiting_max)
        sealer_.wait_for_room(limits::seals_waiting_max, room_wait);
}

Result<void> Strands::finish(const std::function<bool()>& goes_on) {
    writer_.stop();
    const auto flushed = journal_.flush();
    while (flushed && (is_recovering() || sealer_.waiting() > 0)) {
        if (is_recovering()) {  // what an earlier run left is not waiting yet
            std::unique_lock guard(mutex_);
            retry_.wait_for(guard, room_wait);
        } else {
            sealer_.wait_for_room(1, room_wait);
        }
        (void)journal_.step();  // what the sealing strand appends; this is the writing strand now
        if (!goes_on()) {
            sealer_.leave();
            break;
        }
    }
    sealing_.stop();
    if (flushed)
        NK_TRY(journal_.flush());  // the sealing strand's own words
    return flushed;
}

bool Strands::is_recovering() const {
    const std::lock_guard guard(mutex_);
    return is_recovering_;
}

std::optional<Error> Strands::journal_trouble() const {
    const std::lock_guard guard(mutex_);
    return journal_trouble_;
}

std::optional<Result<recording::Recovered>> Strands::take_recovered() {
    const std::lock_guard guard(mutex_);
    return std::exchange(recovered_, std::nullopt);
}

}  // namespace nk::app
