#include "recording/found_calls.h"

#include <utility>

#include "base/rfc3339.h"
#include "recording/journal/entries.h"

namespace nk::recording {

using journal::BlockKind;

namespace {

// Entries are read to see whether they can be.
class Nobody : public journal::EntryReader {
public:
    void on_track(call::Track, MonoTime) override {}
    void on_packet(std::size_t, const call::MediaPacket&) override {}
    void on_dropped(const journal::Dropped&) override {}
};

}  // namespace

void FoundRun::take(const journal::BlockHead& head, const journal::Place& place, Bytes body) {
    if (head.kind == BlockKind::alive) {
        if (const auto alive_now = journal::unpack_alive(body))
            alive = alive_now;
        else
            ++not_understood;
        return;
    }
    auto& call = calls[head.call];
    call.places.push_back(place);
    bool is_understood = true;
    switch (head.kind) {
        case BlockKind::call:
            if (auto begun = journal::unpack_call_head(body))
                call.head = std::move(begun);
            else
                is_understood = false;
            break;
        case BlockKind::story:
        case BlockKind::ended:
            if (auto story = journal::unpack_story(body))
                call.story = std::move(story);
            else
                is_understood = false;
            call.is_over = call.is_over || head.kind == BlockKind::ended;
            break;
        case BlockKind::sealed:
            call.is_sealed = true;
            break;
        case BlockKind::sound: {
            Nobody nobody;
            is_understood =
                journal::read_entries(body, call.head ? call.head->zero : MonoTime{}, nobody);
            break;
        }
        case BlockKind::alive:
            break;
    }
    ++(is_understood ? call.understood : call.not_understood);
}

call::Story FoundRun::take_story(FoundCall& call, WallTime resumed) const {
    if (call.is_over && call.story)
        return *std::exchange(call.story, std::nullopt);
    call::Story story;
    if (call.story) {
        story = *std::exchange(call.story, std::nullopt);
    } else {
        story.began = story.last_sign = call.head->zero;
        story.began_wall = call.head->zero_wall;
    }
    for (const auto& place : call.places)
        story.media_packets +=
            place.kind == BlockKind::sound ? 1 : 0;  // how many matters to no one
    story.ending = call::Ending::recorder_stopped;
    story.over.reset();
    if (alive && alive->now > story.last_sign)
        story.last_sign = alive->now;
    const MonoTime stopped = story.last_sign;
    const WallTime wall = alive ? alive->wall : story.wall_of(stopped);
    story.note("recorder-stopped", stopped);
    story.tell(stopped, "recorder-stopped", {},
               "stopped " + rfc3339(wall) + ", resumed " + rfc3339(resumed));
    return story;
}

}  // namespace nk::recording
