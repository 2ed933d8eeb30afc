#pragma once
// Tables for people: columns as wide as their widest cell, a head, no lines.

#include <string>
#include <vector>

#include "app/terminal.h"
#include "archive/catalogue.h"

namespace nk::app {

class Table {
public:
    struct Column {
        std::string head;
        bool right = false;           // numbers stand to the right
        std::size_t columns_max = 0;  // longer cells are cut; 0: never
    };
    struct Cell {
        std::string text;
        Colour colour = Colour::plain;
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    // As many cells as there are columns; their text is safe for a terminal already.
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] std::string text(const Look& look) const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

// One row per recording: when, how long, who with whom, codec, what was lost, its id. Where one
// conversation was recorded several times, the copies beside the best one are marked. With
// `archive_root` each row ends with the path of its sound.
std::string recordings_table(const std::vector<archive::Entry>& entries, const Look& look,
                             const std::string& archive_root = {});
// The same on standard output, in its look.
void print_recordings(const std::vector<archive::Entry>& entries,
                      const std::string& archive_root = {});

}  // namespace nk::app
