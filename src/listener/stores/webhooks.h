#pragma once
// Programs that are told what happens, and what they are still to be told.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"
#include "base/time.h"

namespace nk::listener {

struct Webhook {
    std::string id{};
    std::string url{};
    std::vector<std::uint8_t> secret{};  // what its messages are signed with
    std::vector<std::string> events{};
    bool is_on = true;
    std::int64_t waiting = 0;       // deliveries
    std::int64_t last_status = -1;  // of the last answer; 0: none came; -1: nothing was sent yet
    std::optional<WallTime> last{};
};

enum class Delivered : std::uint8_t { waiting, delivered, given_up };
std::string_view name_of(Delivered state);

struct Delivery {
    std::string id{};
    std::string webhook{};
    std::string event{};
    std::string body{};
    WallTime made{};
    WallTime due{};  // the next try
    std::int64_t tries = 0;
    Delivered state = Delivered::waiting;
    std::int64_t status = -1;
    std::string problem{};
};

class WebhookStore {
public:
    static const char* const schema;
    explicit WebhookStore(Connection& db) : db_(db) {}

    Result<std::vector<Webhook>> list();  // oldest first
    Result<std::optional<Webhook>> by_id(std::string_view id);
    Result<void> add(const Webhook& webhook, WallTime now);
    Result<void> turn(std::string_view id, bool is_on);
    Result<void> remove(std::string_view id);  // with its deliveries

    Result<void> add_all(const std::vector<Delivery>& deliveries);  // all, or none
    // Those whose time has come, the oldest first.
    Result<std::vector<Delivery>> due(std::string_view webhook, WallTime now, std::size_t most);
    Result<std::vector<Delivery>> last_of(std::string_view webhook, std::size_t most);
    // After a try.
    Result<void> update(const Delivery& delivery, WallTime now);
    // What is over, but for the last hundred of each.
    Result<void> forget_old();

private:
    Connection& db_;
};

}  // namespace nk::listener
