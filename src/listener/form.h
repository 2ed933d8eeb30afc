#pragma once
// What a request says, read strictly: each field by its name and its kind, with a sentence for each
// that cannot be taken. A field that nobody asked for is refused, so that a slip is not passed
// over.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http.h"
#include "base/time.h"
#include "listener/problem.h"

namespace nk::listener {

struct TextLimits {
    std::size_t min = 0;  // in characters
    std::size_t max = 200;
};

// A JSON object (RFC 8259) in the request's body.
class Form {
public:
    explicit Form(const HttpRequest& request);
    ~Form();
    Form(const Form&) = delete;
    Form& operator=(const Form&) = delete;

    [[nodiscard]] bool has(const char* name);
    // Those without a default complain when the field is missing.
    std::string text(const char* name, TextLimits limits);
    std::optional<std::string> maybe_text(const char* name, TextLimits limits);
    std::optional<std::int64_t> maybe_whole(const char* name, std::int64_t min, std::int64_t max);
    std::optional<bool> maybe_truth(const char* name);
    std::optional<std::vector<std::string>> maybe_texts(const char* name, std::size_t most,
                                                        TextLimits each);
    // Null stands for none, and is no complaint; a field that is missing is none, too.
    std::optional<std::int64_t> maybe_whole_or_null(const char* name, std::int64_t min,
                                                    std::int64_t max);
    // Each object of a list that has to be there; what is wrong with one is told of the list.
    void each(const char* name, std::size_t most, const std::function<void(Form&)>& read);
    // An object that has to be there.
    void object(const char* name, const std::function<void(Form&)>& read);
    void complain(const char* name, std::string sentence);

    // When all was asked for: the answer to a request that cannot be taken.
    std::optional<HttpReply> refusal();

private:
    struct Inner;
    explicit Form(std::unique_ptr<Inner> inner);
    void read_part(const char* name, const std::string& where, std::unique_ptr<Inner> part,
                   const std::function<void(Form&)>& read);
    std::unique_ptr<Inner> inner_;
};

// The query of a target, percent-decoded (RFC 3986 2.1; + is a blank). A name that comes twice, or
// that nobody asked for, is refused.
class Query {
public:
    explicit Query(std::string_view query);

    std::string text(const char* name, std::size_t max);
    std::optional<std::int64_t> whole(const char* name, std::int64_t min, std::int64_t max);
    std::optional<WallTime> time(const char* name);
    bool truth(const char* name);  // false without it
    void complain(const char* name, std::string sentence);

    std::optional<HttpReply> refusal();

private:
    const std::string* find(const char* name);
    std::vector<std::pair<std::string, std::string>> values_;
    std::set<std::string> asked_;
    Fields wrong_;
    bool is_malformed_ = false;
};

// Nullopt for bad escapes, control characters, or what is no UTF-8.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank);
// The parts of a path between its slashes, decoded. Nullopt when one cannot be, or is "..".
std::optional<std::vector<std::string>> parts_of(std::string_view path);

}  // namespace nk::listener
