#pragma once
// Asks an HTTP/1.1 server one thing, over TCP or TLS, and tells what it answered. Who the server is
// is checked by this machine's authorities (OpenSSL's usual places; SSL_CERT_FILE names others).
// Nothing is followed elsewhere.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/http.h"
#include "base/time.h"
#include "host/loop.h"

namespace nk::host {

struct HttpPost {
    std::string url;  // http:// or https://
    std::vector<HttpHeader> headers;
    std::string body;
    Nanos patience = seconds(10);  // for all of it
};

struct HttpAnswered {
    int status = 0;       // 0: none came
    std::string problem;  // why
};

class HttpClient {
public:
    explicit HttpClient(Loop& loop);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // `then` is called once, on the loop's strand; never after this object is gone. False when so
    // many are under way already.
    bool post(HttpPost post, std::function<void(HttpAnswered)> then);

private:
    struct Inner;
    std::shared_ptr<Inner> inner_;
};

}  // namespace nk::host
