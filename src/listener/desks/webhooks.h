#pragma once
// Programs that are told what happens to recordings, by messages as standardwebhooks.com has them:
// signed with HMAC-SHA-256 over id, time and body, tried again for a day, and the same id at every
// try. A message names the recording and says nothing of what is in it. What is not delivered yet
// is in the state's file: a restart forgets none.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "listener/counter.h"
#include "listener/courier.h"
#include "listener/stores/webhooks.h"

namespace nk::listener {

// webhook-signature: "v1," and base64.
std::string sign_webhook(Bytes secret, std::string_view id, std::int64_t second,
                         std::string_view body);
// After so many tries; nullopt: it is given up.
std::optional<Nanos> wait_after(std::int64_t tries);

class WebhookDesk {
public:
    WebhookDesk(Counter& counter, Courier* courier);
    void add_routes(std::vector<Route>& routes);
    Result<void> read();
    // Sends what is due. To be called every second or so.
    void tick();

private:
    void list(const Asked& ask);
    void add(const Asked& ask);
    void change(const Asked& ask);
    void remove(const Asked& ask);
    void test(const Asked& ask);
    void list_deliveries(const Asked& ask);
    // Nullopt, and the ask is answered, when there is none or they may not.
    std::optional<Webhook> webhook_for(const Asked& ask);
    bool administers(const Asked& ask);
    void send_due(const Webhook& hook);
    void on_happening(const Happening& happening);
    [[nodiscard]] Parcel parcel_of(const Webhook& webhook, const Delivery& delivery) const;
    Delivery make(const Webhook& webhook, std::string_view event, std::string_view recording);
    static void note(Delivery& delivery, const Receipt& receipt, WallTime now);

    Counter& counter_;
    Courier* courier_;
    WebhookStore store_;
    std::vector<Webhook> hooks_;
    std::map<std::string, std::set<std::string>> under_way_;  // deliveries, by webhook
    std::map<std::string, std::int64_t> waiting_;             // deliveries of each
    MonoTime last_clean_{};
};

}  // namespace nk::listener
