#pragma once
// What `naklank record` says while it works and when it is done: a table for people, an array for
// scripts.

#include <cstdint>
#include <string>
#include <vector>

#include "app/record.h"
#include "app/run.h"
#include "archive/catalogue.h"
#include "archive/vault.h"
#include "base/packet_source.h"
#include "call/book.h"
#include "intake/tap/tap.h"
#include "recording/recovery.h"

namespace nk::app {

class RecordReport : public RunReport {
public:
    // `catalogue` may be null; then nothing is known of conversations.
    RecordReport(const RecordOptions& options, std::string archive_root,
                 archive::Catalogue* catalogue);
    void begin();
    void sealed(const recording::RecordingFacts& facts) override;
    void failed(const call::Story& story, const Error& error) override;
    void warn(const std::string& sentence) override;
    void end(const call::BookCounts& calls, const tap::TapCounts& packets,
             const SourceCounts& source);

private:
    void print(const std::vector<archive::Entry>& entries);
    void summary(const call::BookCounts& calls, const tap::TapCounts& packets,
                 const SourceCounts& source) const;

    const RecordOptions& options_;
    std::string archive_root_;
    archive::Catalogue* catalogue_;
    bool is_live_;
    std::uint64_t printed_ = 0;
    std::vector<recording::RecordingFacts> sealed_;
    std::uint64_t left_out_ = 0;  // of the table; they are in the archive all the same
};

}  // namespace nk::app
