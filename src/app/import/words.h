#pragma once
// What an import came to, in words and as JSON. Pure.

#include <map>
#include <string>
#include <vector>

#include "app/import/importer.h"

namespace nk::app {

class ImportReport {
public:
    void add(const Outcome& outcome);
    // What a telephone's lists brought: people, and recordings that know more now.
    void add_lists(std::uint64_t people, std::uint64_t enriched) {
        people_ += people;
        enriched_ += enriched;
    }
    void add_wrong(const std::string& sentence) { wrong_.push_back(sentence); }

    // "212 calls recognised: 140 with Oma, 30 with Eneco. 9 ... "
    [[nodiscard]] std::string summary() const;
    [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }
    [[nodiscard]] std::uint64_t recordings() const { return counts_[0]; }
    [[nodiscard]] std::uint64_t known() const { return counts_[1]; }
    [[nodiscard]] std::uint64_t left() const { return counts_[2]; }
    [[nodiscard]] std::uint64_t failed() const { return counts_[3]; }
    [[nodiscard]] std::uint64_t unsure() const { return unsure_; }
    [[nodiscard]] std::uint64_t all() const { return recordings() + known() + left() + failed(); }

private:
    std::uint64_t counts_[4] = {};
    std::uint64_t messages_ = 0;
    std::uint64_t unsure_ = 0;
    std::uint64_t people_ = 0;
    std::uint64_t enriched_ = 0;
    std::map<std::string, std::uint64_t> with_;
    std::vector<std::string> wrong_;
};

std::string_view name_of(Became became);

}  // namespace nk::app
