#pragma once
// A process of ours at the other end of a pipe: its standard input and output are one socket, its
// environment is empty, and it has no other descriptor of ours but standard error. Not for two
// threads at once.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/pipe.h"
#include "base/result.h"

namespace nk::host {

// When it is destroyed the socket is closed; a process that has not ended limits::child_end_wait
// later is killed. Either way it is reaped, and no other process is touched.
class ChildProcess : public Pipe {
public:
    // For tests and for the log.
    [[nodiscard]] virtual pid_t pid() const = 0;
    // The same as send(), and with it descriptors, which stay ours as well.
    virtual Result<void> send_with(Bytes bytes, std::span<const int> descriptors) = 0;
};

// Code::not_found when there is no such program; otherwise errors are the machine's. An answer is
// waited for no longer than limits::helper_answer_wait.
Result<std::unique_ptr<ChildProcess>> start_child(const std::string& program_path,
                                                  const std::vector<std::string>& arguments);

// Where a helper is ("naklank-decode"): beside the running program, or in ../libexec/naklank/ from
// there.
Result<std::string> find_helper(const std::string& name = "naklank-decode");

}  // namespace nk::host
