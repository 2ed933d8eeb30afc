#include "sandbox.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NK_UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NK_UNDER_SANITIZER 1
#endif
#endif

namespace nk::helper {

namespace {

#ifdef NK_UNDER_SANITIZER
constexpr bool under_sanitizer = true;  // its shadow memory is terabytes of address space
#else
constexpr bool under_sanitizer = false;
#endif

// The kernel sends its signal when the *thread* that started us ends, which may be long before the
// recorder does; this is how to tell the two apart.
const pid_t started_by = getppid();

extern "C" void on_parent_thread_end(int) {
    if (getppid() != started_by)
        _exit(0);
}

tl::unexpected<Error> machine(const char* what) {
    return refuse(Code::io, Blame::machine, std::string(what) + ": " + std::strerror(errno));
}

Result<void> lower(int resource, rlim_t to) {
    const rlimit limit{.rlim_cur = to, .rlim_max = to};
    if (setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0)
        return machine("cannot lower a limit");
    return {};
}

Result<void> end_with_the_recorder() {
    struct sigaction action{};
    action.sa_handler = on_parent_thread_end;
    action.sa_flags = SA_RESTART;
    if (sigaction(SIGUSR1, &action, nullptr) != 0 || prctl(PR_SET_PDEATHSIG, SIGUSR1) != 0)
        return machine("cannot ask to be told of the recorder's end");
    return {};
}

struct ReleaseFilter {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

// Requests and replies, memory for decoders, an orderly end: nothing that names a file, a process
// or an address.
bool add_rules(const Filter& filter) {
    const auto allow = [&](int call) {
        return seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
    };
    // Libraries that complain on standard error are not heard, and do not die of it either.
    const bool mute =
        seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 1,
                         SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(STDERR_FILENO), 0)) == 0;
    if (!mute)
        return false;
    const auto allow_on = [&](int call, int descriptor) {
        return seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 1,
                                SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(descriptor), 0)) ==
               0;
    };
    constexpr auto plain = std::to_array<int>(
        {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
         SCMP_SYS(clock_gettime), SCMP_SYS(getrandom), SCMP_SYS(getppid), SCMP_SYS(rt_sigreturn),
         SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group)});
    for (const int call : plain)
        if (!allow(call))
            return false;
    // Fresh memory only: no file behind it, and none of it to be executed.
    return allow_on(SCMP_SYS(read), STDIN_FILENO) && allow_on(SCMP_SYS(write), STDOUT_FILENO) &&
           seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
}

}  // namespace

Result<void> give_up_what_is_not_needed() {
    NK_TRY(end_with_the_recorder());
    NK_TRY(lower(RLIMIT_CORE, 0));
    NK_TRY(lower(RLIMIT_FSIZE, 0));
    if (!under_sanitizer) {
        NK_TRY(lower(RLIMIT_AS, limits::helper_memory_bytes_max));
        NK_TRY(lower(RLIMIT_NOFILE, 3));
        NK_TRY(lower(RLIMIT_NPROC, 0));
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return machine("cannot give up new privileges");
    if (!under_sanitizer && prctl(PR_SET_DUMPABLE, 0) != 0)
        return machine("cannot forbid tracing");
    return {};
}

Result<void> allow_only_decoding() {
    if (under_sanitizer)
        return {};
    const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
    if (!filter || !add_rules(filter))
        return refuse(Code::io, Blame::machine, "cannot make a filter of system calls");
    const int loaded = seccomp_load(filter.get());
    if (loaded != 0)
        return refuse(
            Code::io, Blame::machine,
            std::string("cannot load the filter of system calls: ") + std::strerror(-loaded));
    return {};
}

}  // namespace nk::helper
