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
// A file that would become larger than the process may make one is an error of that file.
void outlive_broken_pipes();

// Standard input, output and error that were closed read and write nothing from now on: no file
// that is opened later may take their numbers, and get what was meant for them.
void fill_standard_streams();

}  // namespace nk::host
