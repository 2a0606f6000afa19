// One hardening rule as data: what it says when it is weak, why that matters, how it is seen, and how it is closed.
// Everything else (the audit, explain, reports, fixes, the golden matrix) is made from these rows.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

class View;
using Look = std::function<Sight(View&)>;

// Text that can be pasted, one for each tool; empty where a tool cannot do it.
struct Fix {
  std::string oci = {};         // a change of config.json, see change.h
  std::string docker = {};      // options of docker run
  std::string podman = {};      // options of podman run; empty: as docker
  std::string kubernetes = {};  // YAML of a pod or container
  std::string bwrap = {};       // options of bwrap
  std::string host = {};        // what to do on the host: a sysctl, a boot parameter
};

// From where it can be seen.
enum class Side {
  both,
  inside,  // only by a process of the container: what its seccomp filter lets through, say
  host,    // only from outside
};

// Whether what the rule warns of is confined by a user namespace of the container's own, whose root is nobody outside.
enum class Confined { no, by_user_namespace };

// The fixture that turns the rule weak: one change of a sandbox on which it is hardened.
struct Spoil {
  std::string config = {};                // of the hardened config.json, see change.h
  std::vector<std::string> prepare = {};  // run by sh(1) in the throw-away layer before: {rootfs} is the root directory
  std::vector<std::string> wrap = {};     // words before the command: {"sh", "-c", "exec 5</etc; exec \"$@\"", "-"}
  std::vector<std::string> also = {};     // patterns of other rules that the same change turns
  // Nothing of the above: why no fixture can be made on any machine at hand; its judgement is tested with written text.
  std::string impossible = {};
};

struct Rule {
  std::string id;     // area.subject.weakness, stable for ever
  std::string title;  // a sentence that is true if the rule is weak: "The container shares the host's PID namespace."
  Severity severity = Severity::info;
  std::string why;                      // why it matters, in a sentence or two
  std::string how;                      // how it is seen
  std::vector<std::string> references;  // man pages, CIS, PSS, CVE
  Fix fix = {};
  Side side = Side::both;
  Confined confined = Confined::no;
  Look look;
  Spoil spoil = {};
};

// Puts rules into the catalogue before main() begins: `const Rules rules = {{.id = ...}, ...};`
class Rules {
 public:
  Rules(std::initializer_list<Rule> rules);
  explicit Rules(std::vector<Rule> rules);  // made by a loop
};

// All rules, sorted by id.
const std::vector<Rule>& rules();
const Rule* find_rule(std::string_view id);

// What is wrong with the rules themselves: a duplicate id, no reference, no fixture. Empty if nothing is.
std::vector<std::string> defects(const std::vector<Rule>& rules);

}  // namespace nsproof::audit
