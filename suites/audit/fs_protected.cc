// fs.protected_*: what the kernel refuses to do with links, FIFOs and files of others in directories like /tmp. They
// are the machine's, one for all containers.
#include <charconv>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mnt_sysctl.h"

namespace nsproof::audit {
namespace {

struct Protection {
  const char* name;
  const char* what;
  int least;
  const char* attack;
};

constexpr Protection kProtections[] = {
    {"symlinks", "symbolic links", 1, "A link that is left in /tmp leads a program of root to another file."},
    {"hardlinks", "hard links", 1, "A set-user-ID program or a file of another user is kept or reached by a new name."},
    {"fifos", "FIFOs", 2, "A program that means to write its own file writes into somebody else's FIFO."},
    {"regular", "regular files", 2, "A program that means to make its own file writes into somebody else's."},
};

Sight look_at(View& view, const Protection& protection) {
  const std::string path = say("/proc/sys/fs/protected_", protection.name);
  const sys::Got<std::string>& text = view.file(path);
  if (text.error() == ENOENT && view.exists("/proc/sys/fs")) return not_applicable("this kernel does not have it");
  if (!text.ok()) return unknown(say(path, ": ", errno_name(text.error())));
  return judge_protection(text.value, protection.least);
}

std::vector<Rule> make_rules() {
  std::vector<Rule> rules;
  for (const Protection& one : kProtections) {
    Rule rule;
    rule.id = say("fs.protected-", one.name, ".off");
    rule.title = say("The kernel follows or opens ", one.what, " of other users in sticky directories.");
    rule.severity = Severity::low;
    rule.why = one.attack;
    rule.how = say("/proc/sys/fs/protected_", one.name, " is less than ", one.least, ".");
    rule.references = {say("proc_sys_fs(5): protected_", one.name), "Documentation/admin-guide/sysctl/fs.rst",
                       "CIS Distribution Independent Linux 1.6"};
    rule.fix.host = say("sysctl -w fs.protected_", one.name, "=", one.least);
    rule.look = [&one](View& view) { return look_at(view, one); };
    rule.spoil.impossible = "it is a setting of the machine, which no sandbox may change";
    rules.push_back(std::move(rule));
  }
  return rules;
}

const Rules rows(make_rules());

}  // namespace

Sight judge_protection(std::string_view text, int least) {
  const std::string trimmed = trim(text);
  int value = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
  if (error != std::errc{} || end != trimmed.data() + trimmed.size())
    return unknown(say("it holds no number: ", quoted(text)));
  return weak_if(value < least, say("it is ", value, ", and ", least, " closes it"));
}

}  // namespace nsproof::audit
