#include "cage/cage.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <grp.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NK_UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NK_UNDER_SANITIZER 1
#endif
#endif

namespace nk::cage {

namespace {

#ifdef NK_UNDER_SANITIZER
constexpr bool under_sanitizer = true;  // its shadow memory is terabytes of address space
#else
constexpr bool under_sanitizer = false;
#endif
constexpr unsigned nobody = 65'534;
constexpr rlim_t cpu_s_to_end_in = 2;
constexpr rlim_t descriptors = 3;

tl::unexpected<Error> machine(const char* what, int error) {
    return refuse(Code::io, Blame::machine, std::string(what) + ": " + std::strerror(error));
}

Result<void> lower(__rlimit_resource_t resource, rlim_t to, rlim_t at_most) {
    const rlimit limit{.rlim_cur = to, .rlim_max = at_most};
    if (setrlimit(resource, &limit) != 0)
        return machine("cannot lower a limit", errno);
    return {};
}

Result<void> lower(__rlimit_resource_t resource, rlim_t to) {
    return lower(resource, to, to);
}

// A folder that only root may look into is nobody's business: files come as descriptors. Where root
// is root of a name space that knows nobody else there is no other to become; the filter of system
// calls holds all the same.
Result<void> become_nobody() {
    if (geteuid() != 0)
        return {};
    const bool is_done = setgroups(0, nullptr) == 0 && setresgid(nobody, nobody, nobody) == 0 &&
                         setresuid(nobody, nobody, nobody) == 0;
    if (!is_done && errno != EPERM && errno != EINVAL)
        return machine("cannot give up root's rights", errno);
    return {};
}

struct Release {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Rules = std::unique_ptr<void, Release>;

// Nothing that names a file, a process or an address.
bool add_rules(const Rules& rules, const Calls& calls) {
    const auto on = [](int descriptor) {
        return SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(descriptor), 0);
    };
    const auto allow = [&](int call) {
        return seccomp_rule_add(rules.get(), SCMP_ACT_ALLOW, call, 0) == 0;
    };
    const auto allow_on = [&](int call, int descriptor) {
        return seccomp_rule_add(rules.get(), SCMP_ACT_ALLOW, call, 1, on(descriptor)) == 0;
    };
    constexpr auto every =
        std::to_array<int>({SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
                            SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(getrandom),
                            SCMP_SYS(rt_sigreturn), SCMP_SYS(exit), SCMP_SYS(exit_group)});
    bool is_good = true;
    for (const int call : every)
        is_good = is_good && allow(call);
    for (const int call : calls.any)
        is_good = is_good && allow(call);
    for (const int call : calls.on_input)
        is_good = is_good && allow_on(call, STDIN_FILENO);
    // Fresh memory has no file behind it, and none of it is executed. Libraries that complain on
    // standard error are not heard, and do not die of it either.
    return is_good && allow_on(SCMP_SYS(read), STDIN_FILENO) &&
           allow_on(SCMP_SYS(write), STDOUT_FILENO) &&
           seccomp_rule_add(rules.get(), SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 1,
                            on(STDERR_FILENO)) == 0 &&
           seccomp_rule_add(rules.get(), SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
}

}  // namespace

Result<void> give_up_rights() {
    NK_TRY(lower(RLIMIT_CORE, 0));
    NK_TRY(lower(RLIMIT_FSIZE, 0));
    NK_TRY(become_nobody());
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return machine("cannot give up new privileges", errno);
    if (!under_sanitizer && prctl(PR_SET_DUMPABLE, 0) != 0)
        return machine("cannot forbid tracing", errno);
    return {};
}

Result<void> take_no_more_than(const Share& share) {
    // The first limit's signal says that time was up, and can be told from anybody's kill.
    if (share.cpu_s != 0)
        NK_TRY(lower(RLIMIT_CPU, share.cpu_s, share.cpu_s + cpu_s_to_end_in));
    if (under_sanitizer)
        return {};
    NK_TRY(lower(RLIMIT_AS, share.memory_bytes));
    NK_TRY(lower(RLIMIT_NOFILE, descriptors));
    return lower(RLIMIT_NPROC, 0);
}

struct Filter::Program {
    std::vector<sock_filter> steps;
};

Filter::Filter(std::unique_ptr<Program> program) : program_(std::move(program)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

// The kernel's program comes out of the library by way of a pipe, since files may have no bytes any
// more: it is a few kilobytes.
Result<Filter> Filter::make(const Calls& calls) {
    auto program = std::make_unique<Program>();
    if (under_sanitizer)
        return Filter(std::move(program));
    const Rules rules(seccomp_init(SCMP_ACT_KILL_PROCESS));
    if (!rules || !add_rules(rules, calls))
        return refuse(Code::io, Blame::machine, "cannot make a filter of system calls");
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
    program->steps.resize(static_cast<std::size_t>(got) / sizeof(sock_filter));
    std::memcpy(program->steps.data(), bytes.data(), static_cast<std::size_t>(got));
    return Filter(std::move(program));
}

Result<void> Filter::close() const {
    if (under_sanitizer)
        return {};
    const sock_fprog program{.len = static_cast<unsigned short>(program_->steps.size()),
                             .filter = program_->steps.data()};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
        return machine("cannot load the filter of system calls", errno);
    return {};
}

}  // namespace nk::cage
