#include "interface_sender.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace nk::generate {

namespace {

constexpr std::int64_t second = 1'000'000'000;
// Frames due within so long go with one call, when the last of them is due.
constexpr std::int64_t together_ns = 500'000;
constexpr std::int64_t full_wait_ns = 100'000;
constexpr int full_waits_max = 50'000;  // in a row: five seconds

std::int64_t now_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * second + now.tv_nsec;
}

void wait_until(std::int64_t at_ns) {
    const timespec at{.tv_sec = at_ns / second, .tv_nsec = at_ns % second};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) {
    }
}

tl::unexpected<Error> failed(const std::string& what, int why) {
    return refuse(Code::io, Blame::machine, what + ": " + strerrordesc_np(why));
}

}  // namespace

Result<std::unique_ptr<InterfaceSender>> InterfaceSender::open(const std::string& name,
                                                               double speed) {
    const unsigned index = if_nametoindex(name.c_str());
    if (index == 0)
        return refuse(Code::not_found, Blame::owner, "there is no interface " + name);
    host::Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));  // receives nothing
    if (!socket.is_open())
        return failed("sending on " + name, errno);
    sockaddr_ll where{};
    where.sll_family = AF_PACKET;
    where.sll_ifindex = static_cast<int>(index);
    if (bind(socket.number(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        return failed("binding to " + name, errno);
    return std::make_unique<InterfaceSender>(std::move(socket), name, speed);
}

InterfaceSender::InterfaceSender(host::Descriptor socket, std::string name, double speed)
    : socket_(std::move(socket)), name_(std::move(name)), speed_(speed) {}

void InterfaceSender::take(std::int64_t at_ns, Bytes frame) {
    if (trouble_)
        return;
    if (began_ns_ == 0) {
        began_ns_ = now_ns();
        first_at_ns_ = at_ns;
    }
    const auto after = static_cast<double>(at_ns - first_at_ns_) / speed_;
    const std::int64_t due = began_ns_ + static_cast<std::int64_t>(after);
    if (waiting_ == batch_max || (waiting_ > 0 && due > due_ns_[0] + together_ns))
        flush();
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
    ends_[waiting_] = bytes_.size();
    due_ns_[waiting_] = due;
    ++waiting_;
}

void InterfaceSender::flush() {
    if (waiting_ == 0 || trouble_)
        return;
    wait_until(due_ns_[waiting_ - 1]);
    const std::int64_t now = now_ns();
    for (std::size_t i = 0; i < waiting_; ++i) {
        late_max_ns_ = std::max(late_max_ns_, now - due_ns_[i]);
        late_sum_ns_ += now - due_ns_[i];
    }
    std::array<iovec, batch_max> pieces{};
    std::array<mmsghdr, batch_max> messages{};
    for (std::size_t i = 0, begin = 0; i < waiting_; begin = ends_[i++]) {
        pieces[i] = {.iov_base = bytes_.data() + begin, .iov_len = ends_[i] - begin};
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int full = 0;
    for (std::size_t gone = 0; gone < waiting_;) {
        const int done = sendmmsg(socket_.number(), messages.data() + gone,
                                  static_cast<unsigned>(waiting_ - gone), 0);
        if (done > 0) {
            gone += static_cast<std::size_t>(done);
            sent_ += static_cast<std::uint64_t>(done);
            full = 0;
        } else if (errno == ENOBUFS && ++full < full_waits_max) {
            wait_until(now_ns() + full_wait_ns);
        } else if (errno != EINTR) {
            trouble_ = failed("sending on " + name_, errno).value();
            break;
        }
    }
    last_ns_ = now;
    waiting_ = 0;
    bytes_.clear();
}

Result<void> InterfaceSender::finish() {
    flush();
    if (trouble_)
        return tl::unexpected(*trouble_);
    return {};
}

InterfaceSender::Counts InterfaceSender::counts() const {
    return {.sent = sent_,
            .lasted_ns = last_ns_ - began_ns_,
            .late_max_ns = late_max_ns_,
            .late_mean_ns = sent_ == 0 ? 0 : late_sum_ns_ / static_cast<std::int64_t>(sent_)};
}

}  // namespace nk::generate
