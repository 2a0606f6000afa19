// The command line as a whole: which subcommand is meant, what is said of a wrong word, and what the exit status is.
// The options of a subcommand are described in its own file (options.h).
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/usage.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

// Every subcommand, in the order of the help.
constexpr Command (*kCommands[])(CLI::App&, const std::string&) = {
    add_verify, add_audit, add_list, add_explain, add_report, add_matrix, add_bench, add_probe, add_doctor,
};

// The words that this command would have understood.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  for (const CLI::App* command : app.get_subcommands({})) words.push_back(command->get_name());
  return words;
}

void complain_about_extras(const CLI::App& app, std::string_view command_line) {
  const std::vector<std::string> extras = app.remaining();
  if (extras.empty()) return;
  const std::string word = extras.front().substr(0, extras.front().find('='));
  const bool option = word.starts_with('-');
  const std::vector<std::string> near = nearest_to(word, known_words(app));
  throw UsageError(say(option                            ? "unknown option "
                       : app.get_subcommands({}).empty() ? "unexpected argument "
                                                         : "unknown command ",
                       word),
                   near.empty() ? say(command_line, " --help") : say("did you mean ", join(near, " or "), "?"));
}

std::string command_line_of(int argc, char** argv) {
  std::vector<std::string> words = {"nsproof"};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$`*?[]{}()<>|&;#~!") == std::string::npos;
    words.push_back(plain ? word : say("'", join(split(word, '\''), "'\\''"), "'"));
  }
  return join(words, " ");
}

int parse_and_run(int argc, char** argv) {
  CLI::App app(std::string(usage::kProgram), "nsproof");
  app.footer(std::string(usage::kProgramExamples));
  app.set_version_flag("--version", say("nsproof ", NSPROOF_VERSION));
  app.allow_extras();
  std::vector<Command> commands;
  for (const auto add : kCommands) commands.push_back(add(app, command_line_of(argc, argv)));

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help and --version
    return app.exit(wish, std::cout, std::cerr);
  } catch (const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    const std::string command = chosen.empty() ? "nsproof" : "nsproof " + chosen.front()->get_name();
    throw UsageError(error.what(), command + " --help");
  }
  for (const CLI::App* command : app.get_subcommands())
    complain_about_extras(*command, "nsproof " + command->get_name());
  complain_about_extras(app, "nsproof");

  for (const Command& command : commands)
    if (app.got_subcommand(command.app)) return command.run();
  std::cerr << app.help();
  return static_cast<int>(ExitStatus::usage);
}

}  // namespace

UsageError unknown_ids(const std::vector<Unmatched>& unknown) {
  std::vector<std::string> names;
  std::vector<std::string> hints;
  for (const Unmatched& one : unknown) {
    names.push_back(one.pattern);
    for (const std::string& near : one.nearest) hints.push_back(near);
  }
  return UsageError(say("no property is called ", join(names, ", ")),
                    hints.empty() ? "`nsproof list` shows all ids" : say("did you mean ", join(hints, " or "), "?"));
}

void warn(const std::string& message) { std::fputs(say("nsproof: ", message, "\n").c_str(), stderr); }

int run_cli(int argc, char** argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const UsageError& error) {
    warn(shown_line(error.what()));
    if (!error.hint.empty()) warn("hint: " + shown_line(error.hint));
    return static_cast<int>(ExitStatus::usage);
  } catch (const std::exception& error) {
    warn(say("cannot go on: ", shown_line(error.what())));
    return static_cast<int>(ExitStatus::cannot_judge);
  }
}

}  // namespace nsproof
