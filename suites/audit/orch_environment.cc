// Environments: secrets in variables, and what an orchestrator tells every container. Names and lengths only.
#include "harness/audit/rule.h"
#include "harness/support/text.h"
#include "suites/audit/orch_secrets.h"

namespace nsproof::audit {
namespace {

const Rules rows = {
    {
        .id = "orch.environment.secrets",
        .title = "Variables of the environment are named like secrets.",
        .severity = Severity::medium,
        .why = "Every child inherits them, crash reports and debug pages print them, and the engine shows them to "
               "everybody who may inspect the container.",
        .how = "Names in /proc/PID/environ such as *_PASSWORD, *_TOKEN, *_SECRET_KEY, and values that are a URL with a "
               "password. Values are neither shown nor kept.",
        .references = {"CIS Docker 4.10", "CIS Kubernetes 5.4.1", "environ(7)"},
        .fix = {.oci = R"({"process":{"env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}})",
                .docker = "--mount type=bind,src=FILE,dst=/run/secrets/NAME,ro instead of -e NAME=...",
                .podman = "--secret NAME instead of -e NAME=...",
                .kubernetes = "volumes: [{name: s, secret: {secretName: NAME, defaultMode: 0400}}]  # no env.valueFrom",
                .bwrap = "--clearenv --setenv PATH /usr/bin:/bin"},
        .look = [](View& view) { return judge_secret_variables(environment(view)); },
        .spoil = {.config = R"({"process":{"+env":["DB_PASSWORD=planted-by-a-test"]}})"},
    },
    {
        .id = "orch.service-links.present",
        .title = "The environment tells the container the addresses of the cluster's other services.",
        .severity = Severity::low,
        .why = "Who takes over the container need not search for the next one.",
        .how = "Names *_SERVICE_HOST in /proc/PID/environ.",
        .references = {"Kubernetes: Discovering services, environment variables", "Kubernetes API: enableServiceLinks"},
        .fix = {.oci = R"({"process":{"env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}})",
                .kubernetes = "enableServiceLinks: false"},
        .look = [](View& view) { return judge_service_variables(environment(view)); },
        .spoil = {.config = R"({"process":{"+env":["LEDGER_SERVICE_HOST=192.0.2.7"]}})"},
    },
    {
        .id = "orch.kubernetes.environment",
        .title = "Whether the environment says that this is Kubernetes.",
        .severity = Severity::info,
        .why = "It decides which other findings matter.",
        .how = "KUBERNETES_SERVICE_HOST in /proc/PID/environ.",
        .references = {"Kubernetes: Accessing the API from a Pod"},
        .look =
            [](View& view) {
              for (const Variable& one : environment(view))
                if (one.name == "KUBERNETES_SERVICE_HOST") return not_applicable("KUBERNETES_SERVICE_HOST is set");
              return not_applicable("KUBERNETES_SERVICE_HOST is not set");
            },
    },
};

}  // namespace
}  // namespace nsproof::audit
