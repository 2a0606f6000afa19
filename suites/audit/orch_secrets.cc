// What can be said of a secret: that it is there, under which name, and how long it is.
#include "suites/audit/orch_secrets.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "harness/audit/look.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kHomes = 64;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kShown = 12;

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

// scheme://user:password@host
bool is_url_with_password(std::string_view value) {
  const std::size_t scheme = value.find("://");
  if (scheme == std::string_view::npos || scheme == 0) return false;
  const std::string_view authority = value.substr(scheme + 3, value.find_first_of("/?#", scheme + 3) - (scheme + 3));
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::size_t colon = authority.find(':');
  return colon < at && at - colon > 1;
}

std::string upper(std::string_view text) {
  std::string made(text);
  for (char& c : made) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '.' || c == '-') c = '_';
  }
  return made;
}

constexpr std::array kSecretParts = {"PASSWORD", "PASSWD",      "PASSPHRASE", "SECRET",      "TOKEN",
                                     "APIKEY",   "API_KEY",     "ACCESS_KEY", "PRIVATE_KEY", "ENCRYPTION_KEY",
                                     "AUTH_KEY", "SIGNING_KEY", "MASTER_KEY", "CREDENTIAL",  "CONNECTION_STRING"};
constexpr std::array kSecretEnds = {"_PASS", "_PWD", "_DSN"};
// They say where a secret is, which one, or something about it.
constexpr std::array kHarmlessEnds = {"_FILE", "_PATH",     "_DIR",        "_URL",     "_URI",
                                      "_ID",   "_NAME",     "_HOST",       "_PORT",    "_TTL",
                                      "_TYPE", "_ENDPOINT", "_EXPIRATION", "_ENABLED", "_LENGTH"};

std::vector<std::string> homes(View& view) {
  std::vector<std::string> found{"/root"};
  const auto add = [&](const std::string& home) {
    const bool known = std::find(found.begin(), found.end(), home) != found.end();
    if (home.starts_with('/') && home.size() > 1 && home.size() < 200 && !known && found.size() < kHomes)
      found.push_back(home);
  };
  const sys::Got<std::string>& users = view.file("/etc/passwd", 64 * 1024);
  for (const std::string& line : lines_of(users.value)) {
    const std::vector<std::string> fields = split(line, ':');
    if (fields.size() > 5) add(fields[5]);
  }
  const sys::Got<std::vector<std::string>>& names = view.names("/home", kHomes);
  for (const std::string& name : names.value) add(say("/home/", name));
  return found;
}

std::string text_of(const Variable& one) {
  return say(one.name, " (", one.length, " bytes", one.has_password ? ", a URL with a password)" : ")");
}

}  // namespace

sys::Got<std::string> read_unseen(Actor& actor, std::string_view path, std::size_t limit) {
  Transcript& kept = actor.transcript();
  Transcript unseen;
  struct Restored {
    Actor& actor;
    Transcript& kept;
    Transcript& unseen;
    ~Restored() {
      actor.set_transcript(kept);
      for (Entry& entry : unseen.entries) {
        const bool content = entry.call.starts_with("read(");
        if (content) entry.outs.clear();
        if (content) entry.shows = "{what it holds is not kept}";
        kept.entries.push_back(std::move(entry));
      }
    }
  };
  const Restored restored{actor, kept, unseen};
  actor.set_transcript(unseen);
  return read_cautiously(actor, path, limit);
}

std::vector<Variable> variables_of(std::string_view environ) {
  std::vector<Variable> variables;
  for (const std::string& entry : split(environ, '\0')) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = entry.substr(0, equals);
    if (!is_plain_name(name)) continue;
    const std::string_view value = std::string_view(entry).substr(equals + 1);
    variables.push_back({name, value.size(), is_url_with_password(value)});
  }
  return variables;
}

bool names_a_secret(std::string_view name) {
  const std::string plain = upper(name);
  const auto ends = [&](const char* end) { return plain.ends_with(end); };
  if (std::any_of(kHarmlessEnds.begin(), kHarmlessEnds.end(), ends)) return false;
  if (plain == "PGPASSWORD" || plain == "PASS" || std::any_of(kSecretEnds.begin(), kSecretEnds.end(), ends))
    return plain != "OLD_PWD";
  return std::any_of(kSecretParts.begin(), kSecretParts.end(),
                     [&](const char* part) { return plain.find(part) != std::string::npos; });
}

std::vector<Variable> environment(View& view) {
  const std::vector<int>& pids = view.status().pids;
  if (pids.empty()) throw CouldNotLook("/proc/PID/status has no NSpid");
  const std::string path = say("/proc/", pids.front(), "/environ");
  const auto ask = [&](Actor& actor) {
    sys::Got<std::string> got = read_unseen(actor, path, 1024 * 1024);
    got.reply.outs = {std::move(got.value)};
    return std::move(got.reply);
  };
  const Reply& reply = view.from_host() ? view.host_call("environ", ask) : view.call("environ", ask);
  if (!reply.ok()) throw CouldNotLook(say("/proc/PID/environ: ", errno_name(reply.error())));
  return variables_of(reply.outs.empty() ? "" : reply.outs.front());
}

Sight judge_secret_variables(const std::vector<Variable>& variables) {
  std::string found;
  std::size_t count = 0;
  for (const Variable& one : variables) {
    if (one.length == 0 || !(names_a_secret(one.name) || one.has_password)) continue;
    if (++count <= kShown) found += say(found.empty() ? "" : ", ", text_of(one));
  }
  if (count > kShown) found += say(" and ", count - kShown, " more");
  return count == 0 ? hardened(say("none of ", variables.size(), " variables is named like a secret")) : weak(found);
}

Sight judge_service_variables(const std::vector<Variable>& variables) {
  std::string found;
  std::size_t count = 0;
  for (const Variable& one : variables) {
    if (!one.name.ends_with("_SERVICE_HOST") || one.name == "KUBERNETES_SERVICE_HOST") continue;
    if (++count <= kShown) found += say(found.empty() ? "" : ", ", one.name);
  }
  if (count > kShown) found += say(" and ", count - kShown, " more");
  return count == 0 ? hardened("no variable *_SERVICE_HOST but that of the API server") : weak(found);
}

std::vector<FoundFile> readable_files(View& view, const std::vector<std::string>& paths) {
  std::vector<FoundFile> found;
  for (const std::string& path : paths) {
    // Through links, for orchestrators put secrets behind them; stat(2) of what they lead to, and no more.
    const sys::Got<struct stat>& seen = view.stat(path);
    if (!seen.ok()) {
      const int error = seen.error();
      // Not there, or where the process cannot go: nothing that it could read.
      if (error == ENOENT || error == ENOTDIR || error == EACCES) continue;
      throw CouldNotLook(say(path, ": ", errno_name(error)));
    }
    if (S_ISDIR(seen.value.st_mode) || view.access(path, R_OK) != 0) continue;
    std::int64_t size = seen.value.st_size;
    if (S_ISLNK(seen.value.st_mode)) {
      const Reply& target = view.call(say("stat ", path), [&](Actor& actor) {
        sys::Got<struct stat> got = look_at(actor, path, Links::followed);
        if (got.ok()) got.reply.value = S_ISREG(got.value.st_mode) ? got.value.st_size : 0;
        return got.reply;
      });
      size = target.ok() ? target.value : 0;
    } else if (!S_ISREG(seen.value.st_mode)) {
      continue;
    }
    if (size > 0) found.push_back({path, size});
  }
  return found;
}

std::vector<std::string> paths_in_homes(View& view, const std::vector<const char*>& names) {
  std::vector<std::string> paths;
  for (const std::string& home : homes(view)) {
    // One look into the directory spares many; where it cannot be listed, every name is asked for.
    const sys::Got<std::vector<std::string>>& there = view.names(home);
    if (there.error() == ENOENT || there.error() == ENOTDIR) continue;
    for (const char* name : names) {
      const std::string first = split(name, '/').front();
      if (!there.ok() || std::find(there.value.begin(), there.value.end(), first) != there.value.end())
        paths.push_back(say(home, "/", name));
    }
  }
  return paths;
}

}  // namespace nsproof::audit
