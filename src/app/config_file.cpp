#include "app/config_file.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "app/near_name.h"

namespace nk::app {

namespace {

constexpr std::size_t bytes_max = 1 << 20;

[[noreturn]] void refuse_file(const std::string& path, const std::string& why) {
    throw CLI::ParseError("--config " + path + ": " + why, CLI::ExitCodes::InvalidError);
}

toml::table read(const std::string& path) {
    std::ifstream in(path);
    std::string text;
    in.peek();  // a folder opens, and cannot be read
    if (!in.is_open() || in.bad())
        refuse_file(path, "the file cannot be read");
    in.clear();
    text.resize(bytes_max + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_max)
        refuse_file(path, "it is larger than 1 MiB, so it is no file of options");
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        refuse_file(path, fmt::format("line {}: it is no TOML: {}", error.source().begin.line,
                                      error.description()));
    }
}

// Lists with whatever stands in them, text in quotes, numbers, true and false.
std::string as_word(const std::string& path, const std::string& name, const toml::node& value) {
    if (const auto text = value.value_exact<std::string>())
        return *text;
    if (const auto number = value.value_exact<std::int64_t>())
        return std::to_string(*number);
    if (const auto number = value.value_exact<double>())
        return fmt::format("{}", *number);
    refuse_file(path, name + " is a text in quotes, a number, true or false, or a list of them");
}

std::vector<std::string> words_of(const std::string& path, const std::string& name,
                                  const toml::node& value) {
    std::vector<std::string> out;
    if (const auto* list = value.as_array())
        for (const auto& one : *list)
            out.push_back(as_word(path, name, one));
    else
        out.push_back(as_word(path, name, value));
    if (out.empty() || std::any_of(out.begin(), out.end(), [](const auto& w) { return w.empty(); }))
        refuse_file(path, name + " is empty: give it a value, or leave it out");
    return out;
}

std::vector<std::string> names_of(const CLI::App& command) {
    std::vector<std::string> out;
    for (const auto* option : command.get_options())
        if (option->get_configurable() && !option->get_lnames().empty())
            out.push_back(option->get_lnames().front());
    return out;
}

void give(CLI::Option& option, const std::string& path, const std::string& name,
          const toml::node& value) {
    const bool is_flag = option.get_expected_max() == 0;
    const auto* flag = value.as_boolean();
    if (is_flag != (flag != nullptr))
        refuse_file(path, name + (is_flag ? " is true or false, without quotes"
                                          : " wants a value, not true or false"));
    if (flag == nullptr)
        option.add_result(words_of(path, name, value));
    else if (**flag)
        option.add_result("true");
    else
        return;
    option.run_callback();
}

}  // namespace

void add_config(CLI::App& command, std::string& path) {
    command.add_option("--config", path, "a TOML file with these options, by their long names")
        ->type_name("FILE")
        ->configurable(false);
}

void apply_config(CLI::App& command, const std::string& path) {
    const CLI::Option* config = command.get_option_no_throw("--config");
    if (path.empty() && config != nullptr && !config->empty())
        refuse_file("''", "it is empty: give it a file, or leave it out");
    if (path.empty())
        return;
    for (const auto& [key, value] : read(path)) {
        const std::string name(key.str());
        if (value.is_table())
            refuse_file(path, "it has no sections: there is one command's options in it");
        CLI::Option* found = command.get_option_no_throw("--" + name);
        if (found == nullptr || !found->get_configurable()) {
            const auto near = near_name(name, names_of(command));
            refuse_file(path, "there is no option \"" + name + "\"" +
                                  (near.empty() ? "" : "; is it \"" + near + "\"?"));
        }
        if (!found->empty())
            continue;  // the command line's
        try {
            give(*found, path, name, value);
        } catch (const CLI::ParseError& error) {
            refuse_file(path, error.what());
        }
    }
}

}  // namespace nk::app
