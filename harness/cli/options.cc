// The words of options.h in terms of CLI11.
#include "harness/cli/options.h"

#include <CLI/CLI.hpp>
#include <optional>

namespace nsproof {
namespace {

// CLI11's range without its description, which would make the help unreadable.
CLI::Validator between(int least, int most) { return CLI::Range(least, most).description(""); }

std::optional<Color> color_named(const std::string& name) {
  if (name == "auto") return Color::automatic;
  if (name == "always") return Color::always;
  if (name == "never") return Color::never;
  return std::nullopt;
}

void set_verbosity(Verbosity& place, Verbosity verbosity) {
  if (place != Verbosity::normal && place != verbosity) throw UsageError("-q and -v contradict each other");
  place = verbosity;
}

}  // namespace

CLI::App& add_command(CLI::App& program, const std::string& name, std::string_view help, std::string_view examples) {
  CLI::App* command = program.add_subcommand(name, std::string(help));
  command->footer(std::string(examples));
  command->allow_extras();  // run_cli() words the complaint itself
  return *command;
}

void add_arguments(CLI::App& app, const std::string& name, std::vector<std::string>& place, const std::string& help,
                   Presence presence) {
  app.add_option(name, place, help)->type_name("")->required(presence == Presence::required);
}

void add_repeated(CLI::App& app, const std::string& name, const std::string& value, std::vector<std::string>& place,
                  const std::string& help) {
  app.add_option(name, place, help)->type_name(value)->allow_extra_args(false);
}

void add_text(CLI::App& app, const std::string& name, const std::string& value, std::string& place,
              const std::string& help) {
  app.add_option(name, place, help)->type_name(value);
}

void add_number(CLI::App& app, const std::string& name, const std::string& value, int least, int most, int& place,
                const std::string& help) {
  app.add_option(name, place, help)->type_name(value)->check(between(least, most));
}

void add_milliseconds(CLI::App& app, const std::string& name, Milliseconds& place, const std::string& help) {
  constexpr int kDay = 86'400'000;
  app.add_option_function<int>(
         name, [&place](const int& given) { place = Milliseconds(given); }, help)
      ->type_name("MS")
      ->check(between(1, kDay));
}

void add_flag(CLI::App& app, const std::string& name, bool& place, const std::string& help) {
  app.add_flag(name, place, help);
}

void add_switch(CLI::App& app, const std::string& name, std::function<void()> then, const std::string& help) {
  app.add_flag_callback(name, std::move(then), help);
}

void add_taken(CLI::App& app, const std::string& name, const std::string& value,
               std::function<void(const std::string&)> take, const std::string& help) {
  app.add_option_function<std::string>(name, take, help)->type_name(value);
}

void add_verbosity(CLI::App& app, Verbosity& verbosity) {
  add_switch(
      app, "-q,--quiet", [&verbosity] { set_verbosity(verbosity, Verbosity::quiet); },
      "Only the result and what does not hold");
  add_switch(
      app, "-v,--verbose", [&verbosity] { set_verbosity(verbosity, Verbosity::verbose); },
      "The evidence of every case, call by call");
}

void add_color(CLI::App& app, Color& color) {
  add_read(app, "--color", "WHEN", color, color_named, "write auto, always or never",
           "auto, always or never; NO_COLOR and CLICOLOR_FORCE are respected");
}

}  // namespace nsproof
