#pragma once
// Errors as the API tells them: problem details (RFC 9457). `type` is a word for programs, `detail`
// a sentence for people.

#include <map>
#include <string>
#include <string_view>

#include "base/http.h"
#include "base/result.h"

namespace nk::listener {

using Fields = std::map<std::string, std::string>;  // what is wrong with each

HttpReply problem(int status, std::string_view type, std::string_view detail,
                  const Fields& fields = {});
// What a Result was refused with: whose fault it is decides the status.
HttpReply problem_of(const Error& error);

HttpReply not_found();  // or none that they may see
HttpReply not_signed_in();
HttpReply not_written_down();                    // nothing is heard or changed that is not
HttpReply not_allowed(std::string_view reason);  // a purpose::Reason by its name, or a word of ours

}  // namespace nk::listener
