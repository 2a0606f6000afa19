// Who the container's process is: its user, its groups, its umask and what the out-of-memory killer thinks of it.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/runtime/container.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/identity.h"
#include "harness/sys/ids.h"
#include "suites/runtime/cred_file.h"

namespace nsproof {
namespace {

Observation compare(const sys::ThreeIds& ids, std::uint32_t asked) {
  const std::string seen = say("real ", ids.real, ", effective ", ids.effective, ", saved ", ids.saved);
  return ids.real == asked && ids.effective == asked && ids.saved == asked ? isolated(seen) : leaked(seen);
}

Observation user_as_asked(World& w) { return compare(must(sys::getresuid(w.inside())), *w.contract().uid); }
Observation group_as_asked(World& w) { return compare(must(sys::getresgid(w.inside())), *w.contract().gid); }

// A process of the layer is root like most containers, so the control is one that has become somebody else.
Observation user_after_change(World& w) {
  const std::uint32_t other = *w.contract().uid + 1;
  must(sys::setresuid(w.inside(), other, other, other));
  return user_as_asked(w);
}

Observation group_after_change(World& w) {
  const std::uint32_t other = *w.contract().gid + 1;
  must(sys::setresgid(w.inside(), other, other, other));
  return group_as_asked(w);
}

std::string list_text(const std::vector<std::uint32_t>& groups) {
  std::vector<std::string> shown;
  for (const std::uint32_t group : groups) shown.push_back(std::to_string(group));
  return groups.empty() ? "no groups" : say("groups ", join(shown, " "));
}

Observation groups_as_asked(World& w) {
  std::vector<std::uint32_t> asked = *w.contract().groups;
  // Runtimes put the main group into the list or leave it out, which gives the same access (credentials(7)).
  const std::uint32_t main = w.contract().gid.value_or(0);
  std::vector<std::uint32_t> seen = must(sys::getgroups(w.inside()));
  const std::string shown = list_text(seen);
  for (std::vector<std::uint32_t>* groups : {&asked, &seen}) {
    std::erase(*groups, main);
    std::sort(groups->begin(), groups->end());
  }
  return seen == asked ? isolated(shown) : leaked(shown);
}

// A file that only the planted group may read: its owner is nobody whom inside could be.
constexpr std::uint32_t kNobodyInside = 4243;

Observation planted_group(World& w) {
  SharedFile file(w, "nsproof-of-group", "for the group", 0040);
  file.give_to(kNobodyInside, kPlantedGroup);
  must(sys::capset(w.inside(), {}));  // else root reads what it likes
  const Reply opened = sys::open(w.inside(), file.inside_path(), O_RDONLY | O_CLOEXEC);
  if (opened.ok()) return leaked(say("a file for members of the runtime's group ", kPlantedGroup, " can be read"));
  if (opened.error() == EACCES) return isolated("a file for members of the runtime's group is EACCES");
  return unknown(say("opening the file: ", errno_name(opened.error())));
}

Reply make_nameless_file(Actor& actor, std::string_view directory) {
  return actor.call(SYS_openat, "openat",
                    {named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"), path(directory),
                     named(O_TMPFILE | O_RDWR | O_CLOEXEC, "O_TMPFILE|O_RDWR|O_CLOEXEC"), named(0777, "0777")});
}

// By the mode of a file that never gets a name (open(2), O_TMPFILE), else as umask(2) says it.
Observation umask_as_asked(World& w) {
  const unsigned asked = *w.contract().umask;
  const auto octal = [](unsigned mode) {
    return say("0", static_cast<char>('0' + (mode >> 6 & 7)), static_cast<char>('0' + (mode >> 3 & 7)),
               static_cast<char>('0' + (mode & 7)));
  };
  for (const char* directory : {"/tmp", "/run", "/dev/shm", "/"}) {
    const Reply made = make_nameless_file(w.inside(), directory);
    if (!made.ok()) continue;
    const sys::Got<struct stat> file = sys::fstat(w.inside(), static_cast<int>(made.value));
    must(sys::close(w.inside(), static_cast<int>(made.value)));
    if (!file.ok()) continue;
    const unsigned mode = file.value.st_mode & 0777;
    const std::string seen = say("a file in ", directory, " for which 0777 was asked has mode ", octal(mode));
    return mode == (0777 & ~asked) ? isolated(seen) : leaked(seen);
  }
  const auto seen = static_cast<unsigned>(must(sys::umask(w.inside(), asked)));
  return seen == asked ? isolated(say("umask(2) says ", octal(seen))) : leaked(say("umask(2) says ", octal(seen)));
}

Observation umask_after_change(World& w) {
  must(sys::umask(w.inside(), ~*w.contract().umask & 0077));
  return umask_as_asked(w);
}

constexpr std::string_view kOomScore = "/proc/self/oom_score_adj";

Observation oom_score_as_asked(World& w) {
  const std::string seen = trim(must(sys::read_file(w.inside(), kOomScore)));
  const std::string text = say("it is ", seen);
  return seen == std::to_string(*w.contract().oom_score_adj) ? isolated(text) : leaked(text);
}

Observation oom_score_after_change(World& w) {
  const int asked = *w.contract().oom_score_adj;
  must(sys::write_file(w.inside(), kOomScore, std::to_string(asked < 1000 ? asked + 1 : asked - 1)));
  return oom_score_as_asked(w);
}

template <auto kMember>
std::optional<std::string> asked_for_number(const Contract& contract) {
  const auto& asked = contract.*kMember;
  return asked ? std::optional(std::to_string(*asked)) : std::nullopt;
}

std::optional<std::string> asked_for_groups(const Contract& contract) {
  return contract.groups ? std::optional(list_text(*contract.groups)) : std::nullopt;
}

const RuntimeRows rows = {
    {
        .id = "cred.user.as-asked",
        .claim = "The container's process is the user that was asked for: really, effectively and saved.",
        .how = "Inside reads its three user ids.",
        .source = "OCI runtime-spec config.md, process.user; credentials(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = user_as_asked,
        .control = user_after_change,
        .control_differs = "the process has become another user",
        .asked = asked_for_number<&Contract::uid>,
    },
    {
        .id = "cred.group.as-asked",
        .claim = "The container's process has the group that was asked for: really, effectively and saved.",
        .how = "Inside reads its three group ids.",
        .source = "OCI runtime-spec config.md, process.user; credentials(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = group_as_asked,
        .control = group_after_change,
        .control_differs = "the process has taken another group",
        .asked = asked_for_number<&Contract::gid>,
    },
    {
        .id = "cred.groups.as-asked",
        .claim = "The container's process is in the supplementary groups that were asked for and in no other.",
        .how = "The process that starts the runtime is in group 4242; inside lists its groups.",
        .source = "OCI runtime-spec config.md, process.user.additionalGids; CVE-2022-2989",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = groups_as_asked,
        .asked = asked_for_groups,
    },
    {
        .id = "cred.groups.inherited-give-nothing",
        .claim = "The groups of the process that started the runtime open no file to the container.",
        .how = "That process is in group 4242; inside drops its capabilities and opens a file that only this group may "
               "read. A group without a number inside would show as somebody else's, and open it all the same.",
        .source = "credentials(7); user_namespaces(7); CVE-2022-2989",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = planted_group,
    },
    {
        .id = "cred.umask.as-asked",
        .claim = "Files that the container's process makes have the mode that the umask asked for leaves them.",
        .how = "Inside makes a file without a name and reads its mode.",
        .source = "OCI runtime-spec config.md, process.user.umask; umask(2)",
        .since = {3, 11},
        .reach = Reach::any_sandbox,
        .check = umask_as_asked,
        .control = umask_after_change,
        .control_differs = "the process has set another umask",
        .asked = asked_for_number<&Contract::umask>,
    },
    {
        .id = "cred.oom-score.as-asked",
        .claim = "The out-of-memory killer weighs the container's process as was asked for.",
        .how = "Inside reads its oom_score_adj.",
        .source = "OCI runtime-spec config.md, process.oomScoreAdj; proc_pid_oom_score_adj(5)",
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = oom_score_as_asked,
        .control = oom_score_after_change,
        .control_differs = "the process has set another value",
        .asked = asked_for_number<&Contract::oom_score_adj>,
    },
};

}  // namespace
}  // namespace nsproof
