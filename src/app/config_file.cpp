#include "app/config_file.h"

#include <fstream>
#include <vector>

namespace nk::app {

namespace {

[[noreturn]] void refuse_file(const std::string& path, const std::string& why) {
    throw CLI::ParseError("--config " + path + ": " + why, CLI::ExitCodes::InvalidError);
}

std::vector<CLI::ConfigItem> read(const std::string& path) {
    std::ifstream in(path);
    in.peek();  // a folder opens, and cannot be read
    if (!in.is_open() || in.bad())
        refuse_file(path, "the file cannot be read");
    in.clear();
    try {
        return CLI::ConfigTOML().from_config(in);
    } catch (const CLI::Error& error) {
        refuse_file(path, error.what());
    }
}

// A flag is on or off; anything else takes the values as they stand.
void give(CLI::Option& option, const CLI::ConfigItem& item) {
    if (option.get_expected_max() > 0)
        option.add_result(item.inputs);
    else if (item.inputs == std::vector<std::string>{"true"})
        option.add_result("true");
    else if (item.inputs != std::vector<std::string>{"false"})
        throw CLI::ValidationError(item.name, "it is true or false");
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
    for (const auto& item : read(path)) {
        if (item.name == "++" || item.name == "--")  // where a [section] begins and ends
            refuse_file(path, "it has no sections: there is one command's options in it");
        CLI::Option* found = command.get_option_no_throw("--" + item.name);
        if (!item.parents.empty() || found == nullptr || !found->get_configurable())
            refuse_file(path, "there is no option \"" + item.fullname() + "\"");
        if (item.inputs.empty() || item.inputs.front().empty())
            refuse_file(path, item.name + " is empty: give it a value, or leave it out");
        if (!found->empty())
            continue;  // the command line's
        try {
            give(*found, item);
        } catch (const CLI::ParseError& error) {
            refuse_file(path, error.what());
        }
    }
}

}  // namespace nk::app
