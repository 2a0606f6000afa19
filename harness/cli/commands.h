// The subcommands as plain functions of plain options. Each returns its exit status; a wrong wish throws UsageError.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/catalogue/select.h"
#include "harness/cli/console.h"

namespace nsproof {

// What the caller wrote cannot be meant: exit status 2. `hint` is the next thing to try.
struct UsageError : std::runtime_error {
  explicit UsageError(const std::string& what, std::string next = "")
      : std::runtime_error(what), hint(std::move(next)) {}
  std::string hint;
};

// The error for ids that no property has, with the nearest ones as a hint.
UsageError unknown_ids(const std::vector<Unmatched>& unknown);

// "nsproof: TEXT" on standard error.
void warn(const std::string& text);

enum class Verbosity {
  quiet,    // the result and what does not hold
  normal,   // progress, and the evidence of what does not hold
  verbose,  // the evidence of every case
};

// Runtimes to judge instead of the kernel's own ways.
struct TargetWishes {
  std::vector<std::string> runtimes;  // names of built-in targets, or lists of them
  std::vector<std::string> files;     // target files
  std::vector<std::string> launches;  // command lines
  NsSet isolates = {};                // what the command lines promise
  std::string policy;
  int pid = 0;              // a running container
  std::string via_command;  // a probe that this command starts somewhere
  [[nodiscard]] bool attached() const { return pid != 0 || !via_command.empty(); }
  [[nodiscard]] bool any() const { return !runtimes.empty() || !files.empty() || !launches.empty() || attached(); }
};

// Another kernel to judge instead of the running one: it is booted in a guest.
struct KernelWishes {
  std::string image;  // empty: the running kernel
  std::string append;
  std::string modules;  // a directory
  std::string console;  // a file
  int megabytes = 512;
  int processors = 1;
  int seconds = 900;  // for one guest
};

enum class TableFormat { text, markdown, json };

struct VerifyOptions {
  Selector selector;
  TargetWishes targets;
  KernelWishes kernel;
  int jobs = 1;
  int repeat = 1;
  Milliseconds call_deadline = RunOptions{}.call_deadline;
  Milliseconds check_deadline = RunOptions{}.check_deadline;
  std::vector<std::string> reports;       // FORMAT=FILE
  std::vector<std::string> expectations;  // files
  Verbosity verbosity = Verbosity::normal;
  Color color = Color::automatic;
  std::optional<TableFormat> matrix;  // show one table of all targets instead of the evidence
  bool allow_none = false;            // nothing established is no failure
  std::string command_line;           // for the reports
};

int run_verify(const VerifyOptions& options);

enum class ListFormat { text, json };

struct ListOptions {
  std::vector<std::string> filters;
  bool runtimes = false;  // the built-in targets, not the properties
  bool rules = false;     // the rules of the audit
  ListFormat format = ListFormat::text;
  bool here = false;                             // try what this machine can do, and say which rows can run on it
  std::optional<KernelVersion> for_kernel = {};  // say which rows this kernel has, by its version
  Color color = Color::automatic;
};

int run_list(const ListOptions& options);

struct ExplainOptions {
  std::vector<std::string> ids;
  Color color = Color::automatic;
};

int run_explain(const ExplainOptions& options);

// Writes the probe to a file.
int run_probe(const std::string& path);

struct DoctorOptions {
  Color color = Color::automatic;
};

int run_doctor(const DoctorOptions& options);

struct ReportOptions {
  std::vector<std::string> files;    // records; "-" is standard input
  std::vector<std::string> formats;  // FORMAT or FORMAT=FILE; none: text for people
  bool diff = false;
  bool matrix = false;
  TableFormat format = TableFormat::text;  // of a diff and a matrix
  std::string page;                        // FILE of --html: the performance report of a measurement
  Verbosity verbosity = Verbosity::normal;
  Color color = Color::automatic;
};

int run_report(const ReportOptions& options);
int report_page(const ReportOptions& options);  // the part that --html asks for

}  // namespace nsproof
