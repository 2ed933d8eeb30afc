#pragma once
// The log of `naklank serve`: a line for each event, with the recording's id and the SIP Call-ID,
// never a number, a name or a word that was spoken. On standard error, as key=value or JSON.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/import/watch_errand.h"
#include "app/run.h"

namespace nk::app {

class ServeReport : public RunReport {
public:
    ServeReport(const Clock& clock, bool as_json) : clock_(clock), as_json_(as_json) {}

    using Fields = std::vector<std::pair<std::string_view, std::string>>;
    void log(std::string_view level, std::string_view event, const Fields& fields) const;

    // What came of a watched folder: how many, and never a file's name.
    void watched(const WatchNews& news) const;

    void sealed(const recording::RecordingFacts& facts) override;
    void failed(const call::Story& story, const Error& error) override;
    void warn(const std::string& sentence) override;

private:
    const Clock& clock_;
    bool as_json_;
};

}  // namespace nk::app
