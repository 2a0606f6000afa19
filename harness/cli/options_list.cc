// The options of the small commands: list, explain, probe and doctor.
#include <memory>
#include <optional>

#include "harness/cli/options.h"
#include "harness/cli/usage.h"

namespace nsproof {
namespace {

std::optional<ListFormat> list_format_named(const std::string& name) {
  if (name == "text") return ListFormat::text;
  if (name == "json") return ListFormat::json;
  return std::nullopt;
}

}  // namespace

Command add_list(CLI::App& program, const std::string&) {
  CLI::App& app = add_command(program, "list", usage::kList, usage::kListExamples);
  const auto options = std::make_shared<ListOptions>();
  add_arguments(app, "FILTER", options->filters, "Which properties; all if there is none");
  add_read(app, "--format", "FORMAT", options->format, list_format_named, "write text or json", "text or json");
  add_flag(app, "--here", options->here, "Say whether each property can run on this machine, and why not");
  add_read(app, "--for-kernel", "VERSION", options->for_kernel, kernel_named,
           "write a version as 6.1 or 6.1.20, or as uname -r says it",
           "Say which properties this kernel has by its version, and since when the others exist");
  add_flag(app, "--rules", options->rules, "Show the hardening rules of `nsproof audit`, not the properties");
  add_flag(app, "--runtimes", options->runtimes, "Show the runtimes that --runtime knows, not the properties");
  add_color(app, options->color);
  return {&app, [options] { return run_list(*options); }};
}

Command add_explain(CLI::App& program, const std::string&) {
  CLI::App& app = add_command(program, "explain", usage::kExplain, usage::kExplainExamples);
  const auto options = std::make_shared<ExplainOptions>();
  add_arguments(app, "ID", options->ids, "Ids or patterns", Presence::required);
  add_color(app, options->color);
  return {&app, [options] { return run_explain(*options); }};
}

Command add_probe(CLI::App& program, const std::string&) {
  CLI::App& app = add_command(program, "probe", usage::kProbe, usage::kProbeExamples);
  const auto files = std::make_shared<std::vector<std::string>>();
  add_arguments(app, "FILE", *files, "Where it is written", Presence::required);
  return {&app, [files] { return run_probe(files->front()); }};
}

Command add_doctor(CLI::App& program, const std::string&) {
  CLI::App& app = add_command(program, "doctor", usage::kDoctor, usage::kDoctorExamples);
  const auto options = std::make_shared<DoctorOptions>();
  add_color(app, options->color);
  return {&app, [options] { return run_doctor(*options); }};
}

}  // namespace nsproof
