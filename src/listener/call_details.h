#pragma once
// All that is known of one recording, as the API tells it.

#include <string>

#include "base/result.h"
#include "listener/counter.h"

namespace nk::listener {

// Answers with the recording that the path names, or with why not.
void answer_with_call(Counter& counter, const Asked& ask);

}  // namespace nk::listener
