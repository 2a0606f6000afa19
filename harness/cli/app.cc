// Sets up every subcommand's options and calls it. The only file that knows CLI11, which is slow to compile.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>
#include <thread>

#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/usage.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/report.h"

namespace nsproof {
namespace {

std::string text(std::string_view view) { return std::string(view); }

// An option whose text is read by one of our own functions, which says nothing about what it does not understand.
template <class T, class Read>
CLI::Option* add_read(CLI::App& app, const std::string& name, T& place, Read read, const std::string& known,
                      const std::string& help) {
  const auto take = [&place, read, name, known](const std::string& given) {
    const auto value = read(given);
    if (!value) throw UsageError(say(name, " ", given, ": not understood"), known);
    place = *value;
  };
  return app.add_option_function<std::string>(name, take, help);
}

std::optional<Color> color_named(const std::string& name) {
  if (name == "auto") return Color::automatic;
  if (name == "always") return Color::always;
  if (name == "never") return Color::never;
  return std::nullopt;
}

std::optional<ListFormat> list_format_named(const std::string& name) {
  if (name == "text") return ListFormat::text;
  if (name == "json") return ListFormat::json;
  return std::nullopt;
}

// CLI11's range without its description, which would make the help unreadable.
CLI::Validator between(int least, int most) { return CLI::Range(least, most).description(""); }

void add_color(CLI::App& app, Color& color) {
  add_read(app, "--color", color, color_named, "write auto, always or never",
           "auto, always or never; NO_COLOR and CLICOLOR_FORCE are respected")
      ->type_name("WHEN");
}

CLI::App* add_command(CLI::App& app, const std::string& name, std::string_view help, std::string_view examples) {
  CLI::App* command = app.add_subcommand(name, text(help));
  command->footer(text(examples));
  command->allow_extras();  // run_cli() words the complaint itself
  return command;
}

std::string format_names() {
  std::vector<std::string> names;
  for (const Format format : kAllFormats) names.emplace_back(name_of(format));
  return join(names, ", ");
}

void set_verbosity(VerifyOptions& options, Verbosity verbosity) {
  if (options.verbosity != Verbosity::normal && options.verbosity != verbosity)
    throw UsageError("-q and -v contradict each other", "nsproof verify --help");
  options.verbosity = verbosity;
}

CLI::App* add_verify(CLI::App& app, VerifyOptions& options) {
  CLI::App* command = add_command(app, "verify", usage::kVerify, usage::kVerifyExamples);
  Selector& selector = options.selector;
  command->add_option("FILTER", selector.filters, "What to run; everything if there is none")->type_name("");
  command->add_option("--not", selector.excluded, "Leave these out; may be given several times")
      ->type_name("FILTER")
      ->allow_extra_args(false);
  add_read(*command, "--ns", selector.namespaces, namespaces_named,
           "write one or more of mnt,pid,net,user,ipc,uts,cgroup,time; other areas are chosen by a filter",
           "Only what concerns these namespace types: pid,user")
      ->type_name("TYPES");
  add_read(*command, "--via", selector.ways, ways_named, "write one or more of clone3,unshare,setns,pidfd, or all",
           "How sandboxes are made: clone3 (the default), unshare, setns, pidfd, or all")
      ->type_name("WAYS");
  command->add_flag_callback(
      "--sweep", [&selector] { selector.mode = Mode::sweep; },
      "Run isolation claims in all 256 combinations of namespace types");
  add_read(*command, "--shard", selector.shard, shard_named, "write I/N with 1 <= I <= N",
           "The I-th of N parts of the work")
      ->type_name("I/N");
  command->add_option("--jobs,-j", options.jobs, "How many worlds at a time; as a default one a CPU")
      ->type_name("N")
      ->check(between(1, 1024));
  command->add_option("--repeat", options.repeat, "Run everything N times and report the worst of each case")
      ->type_name("N")
      ->check(between(1, 1'000'000));
  command->add_option("--report", options.reports, say("Write a report: ", format_names(), "; - is stdout"))
      ->type_name("FORMAT=FILE")
      ->allow_extra_args(false);
  command->add_option("--expect", options.expectations, "A file of expected failures; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false);
  const auto add_deadline = [command](const std::string& name, Milliseconds& place, const std::string& help) {
    command
        ->add_option_function<int>(
            name, [&place](const int& given) { place = Milliseconds(given); }, help)
        ->type_name("MS")
        ->check(between(1, 86'400'000));
  };
  add_deadline("--call-timeout", options.call_deadline, "Milliseconds for one system call (10000)");
  add_deadline("--check-timeout", options.check_deadline, "Milliseconds for one check in one world (30000)");
  command->add_flag_callback(
      "-q,--quiet", [&options] { set_verbosity(options, Verbosity::quiet); }, "Only the result and what does not hold");
  command->add_flag_callback(
      "-v,--verbose", [&options] { set_verbosity(options, Verbosity::verbose); },
      "The evidence of every case, call by call");
  add_color(*command, options.color);
  command->add_flag("--allow-none", options.allow_none, "Exit 0, not 4, if nothing could be established");
  return command;
}

CLI::App* add_list(CLI::App& app, ListOptions& options) {
  CLI::App* command = add_command(app, "list", usage::kList, usage::kListExamples);
  command->add_option("FILTER", options.filters, "Which properties; all if there is none")->type_name("");
  add_read(*command, "--format", options.format, list_format_named, "write text or json", "text or json")
      ->type_name("FORMAT");
  command->add_flag("--here", options.here, "Say whether each property can run on this machine, and why not");
  add_color(*command, options.color);
  return command;
}

CLI::App* add_explain(CLI::App& app, ExplainOptions& options) {
  CLI::App* command = add_command(app, "explain", usage::kExplain, usage::kExplainExamples);
  command->add_option("ID", options.ids, "Ids or patterns")->type_name("")->required();
  add_color(*command, options.color);
  return command;
}

CLI::App* add_doctor(CLI::App& app, DoctorOptions& options) {
  CLI::App* command = add_command(app, "doctor", usage::kDoctor, usage::kDoctorExamples);
  add_color(*command, options.color);
  return command;
}

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
  CLI::App app(text(usage::kProgram), "nsproof");
  app.footer(text(usage::kProgramExamples));
  app.set_version_flag("--version", say("nsproof ", NSPROOF_VERSION));
  app.allow_extras();

  VerifyOptions verify;
  verify.jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U));
  verify.command_line = command_line_of(argc, argv);
  ListOptions list;
  ExplainOptions explain;
  DoctorOptions doctor;
  const CLI::App* verify_command = add_verify(app, verify);
  const CLI::App* list_command = add_list(app, list);
  const CLI::App* explain_command = add_explain(app, explain);
  const CLI::App* doctor_command = add_doctor(app, doctor);

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

  if (app.got_subcommand(verify_command)) return run_verify(verify);
  if (app.got_subcommand(list_command)) return run_list(list);
  if (app.got_subcommand(explain_command)) return run_explain(explain);
  if (app.got_subcommand(doctor_command)) return run_doctor(doctor);
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
