#pragma once
// What this process asks of the system for many calls at once: files, one or more for each, and
// memory that is used again.

namespace nk::host {

// Raises the limit to what the system allows; never fails, because the old limit still holds a good
// many calls.
void raise_file_limit();

// Makes freed memory of calls that ended serve the calls that begin, instead of going back to the
// system and coming again page by page.
void keep_freed_memory();
// Whoever reads our output may go away; that ends no recording.
void outlive_broken_pipes();

}  // namespace nk::host
