#pragma once
// The command line of `naklank`: what may be said, what it means, and what it says about itself.
// The only place that reads the environment.

namespace nk::app {

// Gives the program's exit code; never throws.
int run(int argc, const char* const* argv);

}  // namespace nk::app
