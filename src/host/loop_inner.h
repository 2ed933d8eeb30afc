#pragma once
// The inside of a Loop, for host's own sources.

#include <atomic>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "host/loop.h"

namespace nk::host {

struct Loop::Inner {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keeps_running{
        context.get_executor()};
    std::atomic<bool> is_stopped{false};
};

}  // namespace nk::host
