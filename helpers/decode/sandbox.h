#pragma once
// What the helper takes away from itself before it reads the first byte of anybody's packet.

#include "base/result.h"

namespace nk::helper {

// No core files, little memory, no descriptors beyond the pipe's, no new privileges, no tracing,
// and an end when the recorder ends. First thing in the program.
Result<void> give_up_what_is_not_needed();

// From here on only the handful of system calls that decoding needs; any other kills the process.
// Does nothing under a sanitizer, whose run-time needs more.
Result<void> allow_only_decoding();

}  // namespace nk::helper
