// The options of `nsproof audit`.
#include <memory>

#include "harness/cli/audit.h"
#include "harness/cli/options.h"
#include "harness/cli/usage.h"

namespace nsproof {

Command add_audit(CLI::App& program, const std::string&) {
  CLI::App& app = add_command(program, "audit", usage::kAudit, usage::kAuditExamples);
  const auto options = std::make_shared<AuditCommand>();
  add_arguments(app, "FILTER", options->filters, "Which rules; all if there is none");
  add_repeated(app, "--not", "FILTER", options->excluded, "Leave these out; may be given several times");
  add_number(app, "--pid", "PID", 1, 1 << 22, options->targets.pid,
             "The container of this process, which is joined and not changed");
  add_text(app, "--container", "NAME", options->container,
           "The running container of this name: podman, docker, runc, crun, lxc and machinectl are asked for it");
  add_repeated(app, "--runtime", "NAME", options->targets.runtimes,
               "A sandbox of this runtime, made in a throw-away layer; `nsproof list --runtimes` shows them");
  add_repeated(app, "--target", "FILE", options->targets.files,
               "A sandbox of the runtime that this target file describes");
  add_repeated(app, "--launch", "COMMAND", options->targets.launches,
               "A sandbox of this command: 'tool --flags {rootfs} {probe}'");
  add_flag(app, "--kernel", options->kernel,
           "Only what the host itself has set: sysctls, mitigations, security modules");
  add_read(app, "--fail-on", "SEVERITY", options->fail_on, audit::severity_named,
           "write critical, high, medium, low or info", "The least severity that fails (high)");
  add_text(
      app, "--profile", "NAME", options->profile,
      "Which rules count: docker-default, podman-default, pss-baseline, pss-restricted, isolated, none, or a file");
  add_text(app, "--baseline", "FILE", options->baseline, "An earlier JSON report: only what is newly weak fails");
  add_repeated(app, "--waive", "FILE", options->waivers, "A file of waivers, with reasons, owners and dates");
  add_number(app, "--max-unknown", "N", 0, 1'000'000, options->max_unknown,
             "Exit 3 if more rules than this could not be looked at");
  add_text(app, "--fix", "oci", options->fix, "Print a change of config.json that closes what is weak");
  add_text(app, "--config", "FILE", options->config, "The container's config.json, for --fix");
  add_repeated(app, "--report", "FORMAT=FILE", options->reports,
               "Write a report: json, junit, sarif, markdown; - is stdout");
  add_number(app, "--timeout", "SECONDS", 1, 86'400, options->seconds, "Time that the audit may take for all (60)");
  add_verbosity(app, options->verbosity);
  add_color(app, options->color);
  return {&app, [options] { return run_audit(*options); }};
}

}  // namespace nsproof
