// The subcommands as plain functions of plain options. Each returns its exit status; a wrong wish throws UsageError.
#pragma once

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

struct VerifyOptions {
  Selector selector;
  int jobs = 1;
  int repeat = 1;
  Milliseconds call_deadline = RunOptions{}.call_deadline;
  Milliseconds check_deadline = RunOptions{}.check_deadline;
  std::vector<std::string> reports;       // FORMAT=FILE
  std::vector<std::string> expectations;  // files
  Verbosity verbosity = Verbosity::normal;
  Color color = Color::automatic;
  bool allow_none = false;   // nothing established is no failure
  std::string command_line;  // for the reports
};

int run_verify(const VerifyOptions& options);

enum class ListFormat { text, json };

struct ListOptions {
  std::vector<std::string> filters;
  ListFormat format = ListFormat::text;
  bool here = false;  // try what this machine can do, and say which rows can run on it
  Color color = Color::automatic;
};

int run_list(const ListOptions& options);

struct ExplainOptions {
  std::vector<std::string> ids;
  Color color = Color::automatic;
};

int run_explain(const ExplainOptions& options);

struct DoctorOptions {
  Color color = Color::automatic;
};

int run_doctor(const DoctorOptions& options);

}  // namespace nsproof
