#include "sandbox.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include <grp.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NK_UNDER_SANITIZER 1
#endif

namespace nk::media {

namespace {

#ifdef NK_UNDER_SANITIZER
constexpr bool under_sanitizer = true;  // its shadow memory is terabytes of address space
#else
constexpr bool under_sanitizer = false;
#endif
constexpr rlim_t memory_bytes_max = 768UL * 1024 * 1024;
constexpr unsigned nobody = 65'534;

tl::unexpected<Error> machine(const char* what, int error) {
    return refuse(Code::io, Blame::machine, std::string(what) + ": " + std::strerror(error));
}

Result<void> lower(__rlimit_resource_t resource, rlim_t to, rlim_t at_most) {
    const rlimit limit{.rlim_cur = to, .rlim_max = at_most};
    return setrlimit(resource, &limit) == 0 ? Result<void>{}
                                            : machine("cannot lower a limit", errno);
}

Result<void> lower(__rlimit_resource_t resource, rlim_t to) {
    return lower(resource, to, to);
}

// A folder that only root may look into is nobody's business: the files come as descriptors. Where
// root is root of a name space that knows nobody else there is no other to become; the filter of
// system calls holds all the same.
Result<void> become_nobody() {
    if (geteuid() != 0)
        return {};
    const bool is_done = setgroups(0, nullptr) == 0 && setresgid(nobody, nobody, nobody) == 0 &&
                         setresuid(nobody, nobody, nobody) == 0;
    if (!is_done && errno != EPERM && errno != EINVAL)
        return machine("cannot give up root's rights", errno);
    return {};
}

struct ReleaseFilter {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Rules = std::unique_ptr<void, ReleaseFilter>;

bool add_rules(const Rules& rules) {
    const auto allow = [&](int call) {
        return seccomp_rule_add(rules.get(), SCMP_ACT_ALLOW, call, 0) == 0;
    };
    const auto allow_on = [&](int call, int descriptor) {
        return seccomp_rule_add(rules.get(), SCMP_ACT_ALLOW, call, 1,
                                SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(descriptor), 0)) ==
               0;
    };
    // Libraries that complain are not heard, and do not die of it either.
    if (seccomp_rule_add(rules.get(), SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 1,
                         SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(STDERR_FILENO), 0)) != 0)
        return false;
    constexpr auto plain = std::to_array<int>(
        {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
         SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(getpid),
         SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(exit), SCMP_SYS(exit_group)});
    for (const int call : plain)
        if (!allow(call))
            return false;
    for (const int call : {SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(fstat)})
        if (!allow_on(call, STDIN_FILENO))
            return false;
    // fstat of a descriptor, by its newer name; never of a path.
    const bool by_newer_name = seccomp_rule_add(rules.get(), SCMP_ACT_ALLOW, SCMP_SYS(newfstatat),
                                                1, SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO, 0)) == 0;
    return by_newer_name && allow_on(SCMP_SYS(write), STDOUT_FILENO) &&
           seccomp_rule_add(rules.get(), SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
}

}  // namespace

struct Cage::Filter {
    std::vector<sock_filter> program;
};

Cage::Cage(std::unique_ptr<Filter> filter) : filter_(std::move(filter)) {}
Cage::Cage(Cage&&) noexcept = default;
Cage& Cage::operator=(Cage&&) noexcept = default;
Cage::~Cage() = default;

Result<void> prepare() {
    NK_TRY(lower(RLIMIT_CORE, 0));
    NK_TRY(lower(RLIMIT_FSIZE, 0));
    NK_TRY(become_nobody());
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return machine("cannot give up new privileges", errno);
    if (!under_sanitizer && prctl(PR_SET_DUMPABLE, 0) != 0)
        return machine("cannot forbid tracing", errno);
    return {};
}

// The kernel's program, by way of a file in memory: made here once, loaded by each that is started.
Result<Cage> Cage::make() {
    auto filter = std::make_unique<Filter>();
    if (under_sanitizer)
        return Cage(std::move(filter));
    const Rules rules(seccomp_init(SCMP_ACT_KILL_PROCESS));
    if (!rules || !add_rules(rules))
        return refuse(Code::io, Blame::machine, "cannot make a filter of system calls");
    // A pipe, since files may have no bytes any more: a program is a few kilobytes.
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
        return machine("cannot make a pipe", errno);
    const int failed = seccomp_export_bpf(rules.get(), ends[1]);
    ::close(ends[1]);
    std::array<std::uint8_t, 64 * 1024> bytes{};
    const auto got = failed == 0 ? read(ends[0], bytes.data(), bytes.size()) : 0;
    ::close(ends[0]);
    if (got <= 0 || static_cast<std::size_t>(got) % sizeof(sock_filter) != 0)
        return refuse(Code::io, Blame::machine, "cannot write a filter of system calls");
    filter->program.resize(static_cast<std::size_t>(got) / sizeof(sock_filter));
    std::memcpy(filter->program.data(), bytes.data(), static_cast<std::size_t>(got));
    return Cage(std::move(filter));
}

Result<void> Cage::close(std::uint32_t cpu_s) const {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)  // of the process that forked this one
        return machine("cannot ask to end with who asked", errno);
    // The first limit's signal tells that time was up, and can be told from anybody's kill.
    NK_TRY(lower(RLIMIT_CPU, cpu_s, cpu_s + 2));
    if (under_sanitizer)
        return {};
    NK_TRY(lower(RLIMIT_AS, memory_bytes_max));
    NK_TRY(lower(RLIMIT_NOFILE, 3));
    NK_TRY(lower(RLIMIT_NPROC, 0));
    const sock_fprog program{.len = static_cast<unsigned short>(filter_->program.size()),
                             .filter = filter_->program.data()};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
        return machine("cannot load the filter of system calls", errno);
    return {};
}

}  // namespace nk::media
