#include "reports/report.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/ktap.h"
#include "reports/markdown.h"

namespace nsproof {
namespace {

[[noreturn]] void fail(std::string_view what, const std::string& path, int error) {
  throw std::runtime_error(say(what, " ", shown_line(path), ": ", errno_name(error)));
}

void write_all(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot write", path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Closes, and says so when the file system only then finds that it has no room (close(2), NFS and quotas).
void write_and_close(int descriptor, std::string_view text, const std::string& path) {
  try {
    write_all(descriptor, text, path);
  } catch (...) {
    close(descriptor);
    throw;
  }
  if (close(descriptor) < 0) fail("cannot write", path, errno);
}

// The file that a symbolic link leads to, so that renaming replaces the file and not the link.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : path;
}

void write_in_place(const std::string& path, std::string_view text) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) fail("cannot open", path, errno);
  write_and_close(descriptor, text, path);
}

void write_and_rename(const std::string& path, std::string_view text) {
  const std::string beside = say(path, ".", getpid(), ".tmp");
  const int descriptor = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor < 0) fail("cannot create", beside, errno);
  try {
    write_and_close(descriptor, text, beside);
    if (rename(beside.c_str(), path.c_str()) < 0) fail("cannot rename to", path, errno);
  } catch (...) {
    unlink(beside.c_str());
    throw;
  }
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::json: return "json";
    case Format::junit: return "junit";
    case Format::junit_strict: return "junit-strict";
    case Format::markdown: return "markdown";
    case Format::ktap: return "ktap";
  }
  return "?";
}

std::optional<Format> format_named(std::string_view name) {
  for (const Format format : kAllFormats)
    if (name_of(format) == name) return format;
  return std::nullopt;
}

std::string render(Format format, const Results& results) {
  switch (format) {
    case Format::json: return render_json(results);
    case Format::junit: return render_junit(JunitProfile::jenkins, results);
    case Format::junit_strict: return render_junit(JunitProfile::strict, results);
    case Format::markdown: return render_markdown(results);
    case Format::ktap: return render_ktap(results);
  }
  throw std::runtime_error("no such report format");
}

void write_report(Format format, const std::string& path, const Results& results) {
  write_whole(path, render(format, results));
}

void write_whole(const std::string& path, std::string_view text) {
  if (path == "-") return write_all(STDOUT_FILENO, text, "standard output");
  struct stat place {};
  if (stat(path.c_str(), &place) < 0) {
    if (errno != ENOENT) fail("cannot write", path, errno);
    return write_and_rename(path, text);
  }
  if (!S_ISREG(place.st_mode)) return write_in_place(path, text);
  write_and_rename(resolved(path), text);
}

}  // namespace nsproof
