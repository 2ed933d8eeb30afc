#pragma once
// Texts in names of files: one form for each letter, what a telephone number looks like, and words
// in many languages that are not anybody's name. Pure.

#include <string>
#include <string_view>

namespace nk::importing {

// Valid UTF-8 in NFC (a Mac writes NFD), without marks of direction and other invisible signs that
// telephones put around numbers; every kind of space is a space, runs of them one; "%2B" and the
// like undone when all of the text stays text.
std::string clean_text(std::string_view text);
// A copy in which upper and lower case are the same, in every alphabet.
std::string folded(std::string_view text);
std::string_view trimmed(std::string_view text, std::string_view what = " ");

// The last folder's separator and all before it gone, and what looks like an extension.
std::string_view base_of(std::string_view path);
std::string_view stem_of(std::string_view file_name);
// In lower case, without the dot; empty when there is none.
std::string extension_of(std::string_view file_name);

// Without what people write between digits: "+31 (0)20-123" is "+310201 23" without the space.
// Empty when anything else is in it than digits and what can be dialled.
std::string tidy_number(std::string_view text);
// Whether somebody could be called so: 3 to 15 digits, or a code with * and #.
bool is_number(std::string_view text);
// "unknown", "null", "anoniem", "Private number" ...
bool is_withheld(std::string_view text);

// "in", "out", "conference" for a word or an arrow that says so, else empty. `is_short` is set for
// words that mean other things as well, like "in" and "uit".
struct DirectionWord {
    std::string_view direction;
    bool is_short = false;
};
DirectionWord direction_of(std::string_view word);

// Without the "Call recording", "Gespreksopname", "Запись вызова" ... in front of it, and what
// joins it to the rest; the same text when there is none. `learnt` is one more such prefix.
std::string_view without_prefix(std::string_view text, std::string_view learnt = {});
// Whether it is such a prefix, or "Call", "Вызов", "Gesprek" ... and nothing else.
bool is_prefix(std::string_view text);
// Whether it is a word that apps and cameras put into names, and no name: "Recording", "IMG",
// "Opname", "New", with or without a number behind it.
bool is_stop_word(std::string_view word);
// A month's name or its short form in some languages: 1 to 12, or 0.
int month_named(std::string_view word);

}  // namespace nk::importing
