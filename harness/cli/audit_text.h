// An audit for people: what is weak, worst first, with what was seen and how it is closed; then what could not be seen.
#pragma once

#include <string>
#include <vector>

#include "harness/audit/auditor.h"
#include "harness/audit/rule.h"
#include "harness/cli/commands.h"
#include "harness/cli/console.h"

namespace nsproof {

void print_audit(const audit::AuditResult& result, Verbosity verbosity, Console& console);

// "WEAK  2 critical, 3 high; 1 waived; 180 hardened, 12 not applicable, 3 unknown, 48 ms"
std::string audit_line(const audit::AuditResult& result, const Console& console);

// All that is known of a rule, for `nsproof explain`.
void print_rule(const audit::Rule& rule, Console& console);

}  // namespace nsproof
