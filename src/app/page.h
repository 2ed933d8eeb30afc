#pragma once
// One recording on a page, for people: the facts, a strip per track that shows where there is sound
// and why there is none, and what was odd, in words.

#include <optional>
#include <string>
#include <string_view>

#include "app/terminal.h"
#include "archive/conversation.h"
#include "recording/facts.h"

namespace nk::app {

inline constexpr std::size_t strip_cells = 72;

// One cell per 72nd of the recording: '#' sound, '!' loss, '.' silence, '=' hold, '~' paused,
// '?' undecodable, 'x' dropped by us, '-' a key press, ' ' before and after the party's packets. A
// loss shows however short it is; of the rest, what fills most of the cell.
std::string strip_of(const recording::TrackFacts& track, std::uint64_t frames);

// Where this machine dropped packets, of whatever track: 'x', however short.
std::string strip_of_drops(const recording::RecordingFacts& facts, std::uint64_t frames);

// What an oddity's name means, in a sentence; empty for a name we have no words for.
std::string_view explanation_of(std::string_view oddity);

std::string recording_page(const recording::RecordingFacts& facts, const std::string& archive_root,
                           const std::optional<archive::Conversation>& conversation,
                           const Look& look);

}  // namespace nk::app
