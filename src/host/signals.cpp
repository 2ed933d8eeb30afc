#include "host/signals.h"

#include "base/check.h"

namespace nk::host {

namespace {

constexpr std::array stop_signals{SIGINT, SIGTERM, SIGHUP};

// The one mutable global of the project: a signal handler is given nothing but a number, so what
// it says has to lie where it can find it. StopFlag alone looks at it.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t stop_asked = 0;
volatile std::sig_atomic_t is_installed = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void nk_ask_to_stop(int) {
    constexpr std::sig_atomic_t enough = 100;
    if (stop_asked < enough)
        stop_asked = stop_asked + 1;
}

}  // namespace

StopFlag::StopFlag() {
    NK_CHECK(is_installed == 0);
    is_installed = 1;
    stop_asked = 0;
    struct sigaction action{};
    action.sa_handler = nk_ask_to_stop;
    sigemptyset(&action.sa_mask);
    for (const int signal : stop_signals)
        sigaddset(&action.sa_mask, signal);  // they count one after the other
    action.sa_flags = 0;                     // no SA_RESTART: what waits shall wake up
    for (std::size_t i = 0; i < stop_signals.size(); ++i) {
        NK_CHECK(sigaction(stop_signals[i], &action, &before_[i]) == 0);
        if (stop_signals[i] == SIGHUP && before_[i].sa_handler == SIG_IGN)  // as nohup(1) wants it
            sigaction(SIGHUP, &before_[i], nullptr);
    }
}

StopFlag::~StopFlag() {
    for (std::size_t i = 0; i < stop_signals.size(); ++i)
        sigaction(stop_signals[i], &before_[i], nullptr);
    is_installed = 0;
}

int StopFlag::times() const {
    return stop_asked;
}

}  // namespace nk::host
