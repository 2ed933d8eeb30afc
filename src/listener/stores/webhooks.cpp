#include "listener/stores/webhooks.h"

#include <algorithm>

#include "base/base_encoding.h"
#include "listener/detail/rows.h"

namespace nk::listener {

const char* const WebhookStore::schema = R"(
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    events TEXT NOT NULL,
    is_on INTEGER NOT NULL,
    made INTEGER NOT NULL,
    last_status INTEGER NOT NULL,
    last INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    webhook TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    made INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state INTEGER NOT NULL,
    status INTEGER NOT NULL,
    problem TEXT NOT NULL
);
CREATE INDEX deliveries_by_state ON deliveries (webhook, state, number);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, number);
)";

namespace {

constexpr const char* webhook_columns =
    "SELECT id, url, secret, events, is_on, last_status, last, (SELECT count(*) FROM deliveries "
    "WHERE webhook = w.id AND state = 0) FROM webhooks AS w ";
constexpr const char* delivery_columns =
    "SELECT d.id, webhook, event, body, d.made, due, tries, state, status, problem FROM "
    "deliveries AS d ";

Webhook webhook_in(const Statement& row) {
    return {.id = row.text(0),
            .url = row.text(1),
            .secret = from_base64url(row.text(2)).value_or(std::vector<std::uint8_t>()),
            .events = lines_of(row.text(3)),
            .is_on = row.integer(4) != 0,
            .waiting = row.integer(7),
            .last_status = row.integer(5),
            .last = time_or_never(row.integer(6))};
}

Delivery delivery_in(const Statement& row) {
    return {.id = row.text(0),
            .webhook = row.text(1),
            .event = row.text(2),
            .body = row.text(3),
            .made = WallTime{row.integer(4)},
            .due = WallTime{row.integer(5)},
            .tries = row.integer(6),
            .state = static_cast<Delivered>(std::clamp<std::int64_t>(row.integer(7), 0, 2)),
            .status = row.integer(8),
            .problem = row.text(9)};
}

}  // namespace

std::string_view name_of(Delivered state) {
    switch (state) {
        case Delivered::waiting:
            return "waiting";
        case Delivered::delivered:
            return "delivered";
        case Delivered::given_up:
            break;
    }
    return "given-up";
}

Result<std::vector<Webhook>> WebhookStore::list() {
    NK_TAKE(auto row, db_.prepare(std::string(webhook_columns) + "ORDER BY made, id"));
    return all_of<Webhook>(row, webhook_in);
}

Result<std::optional<Webhook>> WebhookStore::by_id(std::string_view id) {
    NK_TAKE(auto row, db_.prepare(std::string(webhook_columns) + "WHERE id = ?1"));
    row.bind(1, id);
    return one_of<Webhook>(row, webhook_in);
}

Result<void> WebhookStore::add(const Webhook& webhook, WallTime now) {
    NK_TAKE(auto row, db_.prepare("INSERT INTO webhooks VALUES (?1, ?2, ?3, ?4, ?5, ?6, -1, 0)"));
    return row.bind(1, webhook.id)
        .bind(2, webhook.url)
        .bind(3, base64url(webhook.secret))
        .bind(4, joined(webhook.events))
        .bind(5, std::int64_t{webhook.is_on ? 1 : 0})
        .bind(6, now.ns)
        .run();
}

Result<void> WebhookStore::turn(std::string_view id, bool is_on) {
    NK_TAKE(auto row, db_.prepare("UPDATE webhooks SET is_on = ?2 WHERE id = ?1"));
    return row.bind(1, id).bind(2, std::int64_t{is_on ? 1 : 0}).run();
}

Result<void> WebhookStore::remove(std::string_view id) {
    NK_TAKE(auto step, Transaction::begin(db_));
    for (const char* sql :
         {"DELETE FROM deliveries WHERE webhook = ?1", "DELETE FROM webhooks WHERE id = ?1"}) {
        NK_TAKE(auto row, db_.prepare(sql));
        NK_TRY(row.bind(1, id).run());
    }
    return step.commit();
}

Result<void> WebhookStore::add_all(const std::vector<Delivery>& deliveries) {
    NK_TAKE(auto step, Transaction::begin(db_));
    NK_TAKE(auto row, db_.prepare("INSERT INTO deliveries (id, webhook, event, body, made, due, "
                                  "tries, state, status, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                                  "0, 0, -1, '')"));
    for (const auto& delivery : deliveries)
        NK_TRY(row.bind(1, delivery.id)
                   .bind(2, delivery.webhook)
                   .bind(3, delivery.event)
                   .bind(4, delivery.body)
                   .bind(5, delivery.made.ns)
                   .bind(6, delivery.due.ns)
                   .run());
    return step.commit();
}

Result<std::vector<Delivery>> WebhookStore::due(std::string_view webhook, WallTime now,
                                                std::size_t most) {
    NK_TAKE(auto row, db_.prepare(std::string(delivery_columns) +
                                  "WHERE webhook = ?1 AND state = 0 AND due <= ?2 ORDER BY number "
                                  "LIMIT ?3"));
    row.bind(1, webhook).bind(2, now.ns).bind(3, static_cast<std::int64_t>(most));
    return all_of<Delivery>(row, delivery_in);
}

Result<std::vector<Delivery>> WebhookStore::last_of(std::string_view webhook, std::size_t most) {
    NK_TAKE(auto row, db_.prepare(std::string(delivery_columns) +
                                  "WHERE webhook = ?1 ORDER BY number DESC LIMIT ?2"));
    row.bind(1, webhook).bind(2, static_cast<std::int64_t>(most));
    return all_of<Delivery>(row, delivery_in);
}

Result<void> WebhookStore::update(const Delivery& delivery, WallTime now) {
    NK_TAKE(auto step, Transaction::begin(db_));
    NK_TAKE(auto row, db_.prepare("UPDATE deliveries SET due = ?2, tries = ?3, state = ?4, status "
                                  "= ?5, problem = ?6 WHERE id = ?1"));
    NK_TRY(row.bind(1, delivery.id)
               .bind(2, delivery.due.ns)
               .bind(3, delivery.tries)
               .bind(4, static_cast<std::int64_t>(delivery.state))
               .bind(5, delivery.status)
               .bind(6, delivery.problem)
               .run());
    NK_TAKE(auto hook,
            db_.prepare("UPDATE webhooks SET last_status = ?2, last = ?3 WHERE id = ?1"));
    NK_TRY(hook.bind(1, delivery.webhook).bind(2, delivery.status).bind(3, now.ns).run());
    return step.commit();
}

Result<void> WebhookStore::forget_old() {
    return db_.run(
        "DELETE FROM deliveries WHERE state <> 0 AND number NOT IN (SELECT number FROM (SELECT "
        "number, row_number() OVER (PARTITION BY webhook ORDER BY number DESC) AS nth FROM "
        "deliveries) WHERE nth <= 100)");
}

}  // namespace nk::listener
