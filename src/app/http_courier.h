#pragma once
// The window's messages to programs elsewhere, by this machine's network.

#include <utility>

#include "host/http_client.h"
#include "listener/courier.h"

namespace nk::app {

class HttpCourier : public listener::Courier {
public:
    explicit HttpCourier(host::Loop& loop) : client_(loop) {}
    bool send(listener::Parcel parcel, std::function<void(listener::Receipt)> then) override {
        return client_.post(
            {std::move(parcel.url), std::move(parcel.headers), std::move(parcel.body)},
            [then = std::move(then)](const host::HttpAnswered& got) {
                then({got.status, got.problem});
            });
    }

private:
    host::HttpClient client_;
};

}  // namespace nk::app
