#pragma once
// How many files this process may have open: every call in progress has at least one.

namespace nk::host {

// Raises the limit to what the system allows; never fails, because the old limit still holds a good
// many calls.
void raise_file_limit();

}  // namespace nk::host
