#pragma once
// The web application's files, read once and answered from memory. A path that is no file is a page
// of the application, which finds its own way: it gets index.html.

#include <map>
#include <string>
#include <string_view>

#include "base/http.h"
#include "base/result.h"

namespace nk::app {

class Site {
public:
    // A folder that is not there makes a site that says so.
    static Result<Site> read(const std::string& folder);
    // Where the files lie beside this program: installed, or in a folder it was built in.
    static std::string usual_folder();

    [[nodiscard]] HttpReply answer(const HttpRequest& request) const;
    [[nodiscard]] bool has_pages() const { return files_.contains("/index.html"); }

private:
    struct Page {
        std::string type;
        std::string bytes;
        std::string zipped;  // gzip; empty: there is none
        std::string etag;
        bool is_for_ever = false;  // its name changes with its content
    };
    std::map<std::string, Page, std::less<>> files_;  // by path, /index.html
};

}  // namespace nk::app
