#include "suites/audit/lsm_judge.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

// A label ends with a newline, or as SELinux writes it with a NUL.
std::string label_in(const Contents& file) {
  std::string_view text = file.text;
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  return trim(text);
}

Sight not_read(std::string_view what, int error) { return unknown(say(what, ": ", errno_name(error))); }

// EINVAL is what attr/current gives where no module has labels, and ENOENT where the module has no such file.
bool no_labels(const Contents& current) { return current.error == EINVAL || current.error == ENOENT; }

struct Label {
  std::string text;
  std::optional<Sight> otherwise;  // there is none, and why
};

Label apparmor_label(const Contents& own, const Contents& current) {
  if (own.error == 0 && !label_in(own).empty()) return {label_in(own), {}};
  if (own.error != 0 && !no_labels(own)) return {{}, not_read("attr/apparmor/current", own.error)};
  if (no_labels(current)) return {{}, not_applicable("attr/current gives no label: AppArmor is not active")};
  if (current.error != 0) return {{}, not_read("attr/current", current.error)};
  const std::string label = label_in(current);
  if (labeller_of(label) != Labeller::apparmor)
    return {{}, not_applicable(say("attr/current is ", quoted(label), ", another module's label"))};
  return {label, {}};
}

// "enforce" of "docker-default (enforce)"; nothing for "unconfined".
std::string mode_of(std::string_view label) {
  const std::size_t open = label.rfind(" (");
  if (open == std::string_view::npos || !label.ends_with(')')) return {};
  return std::string(label.substr(open + 2, label.size() - open - 3));
}

Label selinux_context(const Contents& current) {
  if (no_labels(current)) return {{}, not_applicable("attr/current gives no label: SELinux is not active")};
  if (current.error != 0) return {{}, not_read("attr/current", current.error)};
  const std::string label = label_in(current);
  if (labeller_of(label) != Labeller::selinux)
    return {{}, not_applicable(say("attr/current is ", quoted(label), ", another module's label"))};
  return {label, {}};
}

std::string type_in(const std::string& context) { return split(context, ':').at(2); }

template <std::size_t size>
bool is_one_of(std::string_view text, const std::array<std::string_view, size>& all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

}  // namespace

std::string lsm_name(std::uint64_t id) {
  constexpr std::array<std::string_view, 14> kNames = {"capability", "selinux", "smack",     "tomoyo",   "apparmor",
                                                       "yama",       "loadpin", "safesetid", "lockdown", "bpf",
                                                       "landlock",   "ima",     "evm",       "ipe"};
  return id >= 100 && id - 100 < kNames.size() ? std::string(kNames[id - 100]) : say("module ", id);
}

Sight judge_modules(const std::vector<std::string>& names) {
  constexpr std::array<std::string_view, 4> kMandatory = {"selinux", "apparmor", "smack", "tomoyo"};
  const bool any =
      std::any_of(names.begin(), names.end(), [&](const std::string& name) { return is_one_of(name, kMandatory); });
  return weak_if(!any, say("active: ", names.empty() ? "none" : join(names, ", ")));
}

Labeller labeller_of(std::string_view label) {
  if (label.empty()) return Labeller::none;
  const std::string mode = mode_of(label);
  constexpr std::array<std::string_view, 6> kModes = {"enforce", "complain", "kill", "unconfined", "mixed", "prompt"};
  if (label == "unconfined" || is_one_of(mode, kModes)) return Labeller::apparmor;
  const std::vector<std::string> fields = split(label, ':');
  const bool context =
      fields.size() >= 3 && label.find_first_of(" /") == std::string_view::npos &&
      std::none_of(fields.begin(), fields.begin() + 3, [](const std::string& field) { return field.empty(); });
  return context ? Labeller::selinux : Labeller::other;
}

Sight judge_apparmor_profile(const Contents& own, const Contents& current, const Contents& level) {
  const Label label = apparmor_label(own, current);
  if (label.otherwise) return *label.otherwise;
  const std::string seen = say("the label is ", quoted(label.text));
  if (label.text != "unconfined" && mode_of(label.text) != "unconfined") return hardened(seen);
  // Inside a policy namespace a process is shown its own label only, and not that which the host has stacked on it.
  const std::string depth = trim(level.text);
  if (level.error == 0 && !depth.empty() && depth != "0")
    return unknown(say(seen, " in an AppArmor namespace; the host's label of it is not to be seen from here"));
  return weak(seen);
}

Sight judge_apparmor_mode(const Contents& own, const Contents& current) {
  const Label label = apparmor_label(own, current);
  if (label.otherwise) return *label.otherwise;
  const std::string mode = mode_of(label.text);
  const std::string seen = say("the label is ", quoted(label.text));
  if (label.text == "unconfined" || mode == "unconfined") return not_applicable(say(seen, ": there is no profile"));
  if (mode == "enforce" || mode == "kill") return hardened(seen);
  if (mode == "complain" || mode == "mixed") return weak(seen);
  return unknown(say(seen, ", whose mode is not known"));
}

Sight judge_selinux_type(const Contents& current) {
  const Label context = selinux_context(current);
  if (context.otherwise) return *context.otherwise;
  const std::string type = type_in(context.text);
  const std::string seen = say("the context is ", quoted(context.text, 128));
  // The types that container-selinux and the reference policy leave unconfined, and those of the system's own daemons.
  constexpr std::array<std::string_view, 10> kOpen = {"spc_t",
                                                      "unconfined_t",
                                                      "unconfined_service_t",
                                                      "container_runtime_t",
                                                      "kernel_t",
                                                      "init_t",
                                                      "initrc_t",
                                                      "sysadm_t",
                                                      "docker_t",
                                                      "crio_t"};
  if (is_one_of(type, kOpen)) return weak(seen);
  if (type.starts_with("container_") || type.starts_with("svirt_") || type.starts_with("sandbox_"))
    return hardened(seen);
  return unknown(say(seen, ", whose type is not one that is made for containers"));
}

Sight judge_selinux_categories(const Contents& current) {
  const Label context = selinux_context(current);
  if (context.otherwise) return *context.otherwise;
  const std::vector<std::string> fields = split(context.text, ':');
  const std::string seen = say("the context is ", quoted(context.text, 128));
  if (fields.size() < 4) return not_applicable(say(seen, ": the policy has no levels"));
  // "s0:c14,c783": two of a thousand categories are the container's alone. "s0-s0:c0.c1023" has all of them.
  const std::string categories = fields.size() > 4 ? fields[4] : "";
  if (categories.find('.') != std::string::npos) return weak(say(seen, ": a range of categories"));
  return weak_if(split(categories, ',').size() < 2, seen);
}

Sight judge_selinux_mode(const Contents& current, const Contents& enforce) {
  const Label context = selinux_context(current);
  if (context.otherwise) return *context.otherwise;
  if (enforce.error != 0) return not_read("/sys/fs/selinux/enforce", enforce.error);
  const std::string value = trim(enforce.text);
  const std::string seen = say("/sys/fs/selinux/enforce is ", quoted(value));
  if (value == "1") return hardened(seen);
  return value == "0" ? weak(seen) : unknown(seen);
}

Sight judge_lockdown(const Contents& lockdown) {
  if (lockdown.error != 0) return not_read("/sys/kernel/security/lockdown", lockdown.error);
  const std::size_t open = lockdown.text.find('[');
  const std::size_t close = lockdown.text.find(']');
  if (open == std::string::npos || close == std::string::npos || close < open)
    return unknown(say("/sys/kernel/security/lockdown is ", quoted(lockdown.text)));
  const std::string mode = lockdown.text.substr(open + 1, close - open - 1);
  const std::string seen = say("the mode is ", quoted(mode));
  if (mode == "none") return weak(seen);
  return mode == "integrity" || mode == "confidentiality" ? hardened(seen) : unknown(seen);
}

}  // namespace nsproof::audit
