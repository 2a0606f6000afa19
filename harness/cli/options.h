// How the subcommands describe their options: the little of CLI11 that they need, without its header, which is slow to
// compile. One file a subcommand (options_NAME.cc) describes its options; app.cc lists them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/commands.h"
#include "harness/support/text.h"

namespace CLI {
class App;
}

namespace nsproof {

// A subcommand whose options are described: what the parser fills in, and what is to run then. The options themselves
// live in `run`.
struct Command {
  CLI::App* app;
  std::function<int()> run;  // its exit status
};

// One a subcommand. `command_line` is how nsproof was called, for the reports.
Command add_verify(CLI::App& program, const std::string& command_line);
Command add_audit(CLI::App& program, const std::string& command_line);
Command add_list(CLI::App& program, const std::string& command_line);
Command add_explain(CLI::App& program, const std::string& command_line);
Command add_report(CLI::App& program, const std::string& command_line);
Command add_bench(CLI::App& program, const std::string& command_line);
Command add_doctor(CLI::App& program, const std::string& command_line);
Command add_probe(CLI::App& program, const std::string& command_line);
Command add_matrix(CLI::App& program, const std::string& command_line);

CLI::App& add_command(CLI::App& program, const std::string& name, std::string_view help, std::string_view examples);

enum class Presence { optional, required };

// Words without a dash before them: "FILTER".
void add_arguments(CLI::App& app, const std::string& name, std::vector<std::string>& place, const std::string& help,
                   Presence presence = Presence::optional);
// An option that may be given several times, with one word each: "--not FILTER". As for all options, `name` may be
// several with commas between them ("-q,--quiet"), and `value` is what the help calls the word.
void add_repeated(CLI::App& app, const std::string& name, const std::string& value, std::vector<std::string>& place,
                  const std::string& help);
void add_text(CLI::App& app, const std::string& name, const std::string& value, std::string& place,
              const std::string& help);
void add_number(CLI::App& app, const std::string& name, const std::string& value, int least, int most, int& place,
                const std::string& help);
void add_milliseconds(CLI::App& app, const std::string& name, Milliseconds& place, const std::string& help);
void add_flag(CLI::App& app, const std::string& name, bool& place, const std::string& help);
void add_switch(CLI::App& app, const std::string& name, std::function<void()> then, const std::string& help);
void add_taken(CLI::App& app, const std::string& name, const std::string& value,
               std::function<void(const std::string&)> take, const std::string& help);

// An option whose word is read by one of our own functions, which gives an empty std::optional for what it does not
// understand; `known` is the hint that then follows the complaint.
template <class T, class Read>
void add_read(CLI::App& app, const std::string& name, const std::string& value, T& place, Read read,
              const std::string& known, const std::string& help) {
  const auto take = [&place, read, name, known](const std::string& given) {
    const auto meant = read(given);
    if (!meant) throw UsageError(say(name, " ", given, ": not understood"), known);
    place = *meant;
  };
  add_taken(app, name, value, take, help);
}

// --runtime and its like.
void add_targets(CLI::App& app, TargetWishes& targets);

std::optional<TableFormat> table_format_named(const std::string& name);

// -q and -v.
void add_verbosity(CLI::App& app, Verbosity& verbosity);
void add_color(CLI::App& app, Color& color);

}  // namespace nsproof
