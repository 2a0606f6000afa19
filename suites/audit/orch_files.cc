// Credentials in files: the orchestrator's token, and what tools of clouds and registries leave in home directories.
// Files are found by stat(2) and access(2) alone; none is opened.
#include "harness/audit/rule.h"
#include "harness/support/text.h"
#include "suites/audit/orch_secrets.h"

namespace nsproof::audit {
namespace {

constexpr const char* kServiceAccount[] = {"/var/run/secrets/kubernetes.io/serviceaccount/token",
                                           "/run/secrets/kubernetes.io/serviceaccount/token"};

struct Credential {
  const char* slug;  // orch.SLUG.readable
  const char* what;
  Severity severity;
  std::vector<const char*> in_homes;
  std::vector<const char*> anywhere;
  const char* reference;
};

const Credential kCredentials[] = {
    {"registry-login",
     "a login of an image registry",
     Severity::medium,
     {".docker/config.json", ".dockerconfigjson", ".dockercfg", ".config/containers/auth.json"},
     {"/kaniko/.docker/config.json", "/run/containers/0/auth.json", "/var/lib/kubelet/config.json"},
     "containers-auth.json(5)"},
    {"kubeconfig",
     "credentials of a Kubernetes cluster",
     Severity::high,
     {".kube/config"},
     {"/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf", "/etc/kubernetes/kubelet.conf",
      "/var/lib/kubelet/kubeconfig", "/etc/rancher/k3s/k3s.yaml", "/var/lib/kubelet/pki/kubelet-client-current.pem"},
     "CIS Kubernetes 4.1.5"},
    {"aws",
     "credentials of Amazon Web Services",
     Severity::medium,
     {".aws/credentials"},
     {"/var/run/secrets/eks.amazonaws.com/serviceaccount/token"},
     "AWS CLI: configuration and credential file settings"},
    {"gcloud",
     "credentials of Google Cloud",
     Severity::medium,
     {".config/gcloud/application_default_credentials.json", ".config/gcloud/credentials.db",
      ".config/gcloud/access_tokens.db"},
     {},
     "Google Cloud: Application Default Credentials"},
    {"azure",
     "credentials of Azure",
     Severity::medium,
     {".azure/accessTokens.json", ".azure/msal_token_cache.json", ".azure/msal_token_cache.bin",
      ".azure/service_principal_entries.json"},
     {"/etc/kubernetes/azure.json"},
     "Azure CLI: MSAL-based authentication"},
    {"ssh-key",
     "a private key of SSH",
     Severity::medium,
     {".ssh/id_rsa", ".ssh/id_ed25519", ".ssh/id_ecdsa", ".ssh/id_dsa", ".ssh/identity"},
     {"/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ecdsa_key"},
     "ssh(1)"},
    {"git-login",
     "a login of a Git server",
     Severity::medium,
     {".git-credentials", ".netrc", ".config/git/credentials", ".config/gh/hosts.yml", ".config/glab-cli/config.yml"},
     {},
     "git-credential-store(1)"},
    {"package-token",
     "a token of a package registry",
     Severity::medium,
     {".npmrc", ".pypirc", ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml"},
     {},
     "CIS Docker 4.10"},
    {"vault-token",
     "a token of Vault",
     Severity::medium,
     {".vault-token", ".terraform.d/credentials.tfrc.json"},
     {"/vault/secrets/token"},
     "CIS Docker 4.10"},
    {"database-login",
     "a login of a database",
     Severity::medium,
     {".pgpass", ".my.cnf", ".mongorc.js"},
     {},
     "CIS Docker 4.10"},
};

Sight sight_of(const std::vector<FoundFile>& files, std::string_view none) {
  std::string found;
  for (const FoundFile& one : files)
    found += say(found.empty() ? "" : ", ", quoted(one.path), " (", one.size, " bytes)");
  return files.empty() ? hardened(std::string(none)) : weak(found);
}

Sight look_for(View& view, const Credential& credential) {
  std::vector<std::string> paths = paths_in_homes(view, credential.in_homes);
  paths.insert(paths.end(), credential.anywhere.begin(), credential.anywhere.end());
  return sight_of(readable_files(view, paths), say("no file where tools keep ", credential.what, " can be read"));
}

// A file of this size where the container's process can read it.
std::vector<std::string> planted(const std::string& path) {
  const std::string directory = path.substr(0, path.rfind('/'));
  return {say("umask 022; mkdir -p {rootfs}", directory, "; echo nothing-secret > {rootfs}", path)};
}

std::vector<Rule> make_rules() {
  std::vector<Rule> made;
  for (const Credential& one : kCredentials)
    made.push_back(
        {.id = say("orch.", one.slug, ".readable"),
         .title = say("The container can read a file where tools keep ", one.what, "."),
         .severity = one.severity,
         .why = "Who takes over the container has it, and with it what it opens elsewhere.",
         .how = "stat(2) and access(2) of the files that tools keep it in, in home directories and elsewhere. No file "
                "is opened: a name and a size are all that is said.",
         .references = {one.reference, "CIS Docker 4.10", "OWASP: Secrets Management Cheat Sheet"},
         .fix = {.docker = "no -v of home directories; docker build --secret instead of COPY",
                 .kubernetes = "mount a Secret with only the key that is needed, defaultMode: 0400; workload identity "
                               "instead of keys",
                 .bwrap = "--tmpfs /home instead of --bind /home /home",
                 .host = "remove the file from the image, and revoke what it held"},
         .look = [&one](View& view) { return look_for(view, one); },
         .spoil = {.prepare = planted(say("/home/app/", one.in_homes.front()))}});
  return made;
}

const Rules credentials(make_rules());

const Rules rows = {
    {
        .id = "orch.token.mounted",
        .title = "A token of the Kubernetes service account is in the container.",
        .severity = Severity::medium,
        .why = "Who takes over the container talks to the API server with it; what that allows is up to the cluster's "
               "roles.",
        .how = "stat(2) and access(2) of /var/run/secrets/kubernetes.io/serviceaccount/token. It is not opened.",
        .references = {"CIS Kubernetes 5.1.6", "CIS Kubernetes 5.1.5",
                       "NSA/CISA Kubernetes Hardening Guide: service account tokens"},
        .fix = {.kubernetes = "automountServiceAccountToken: false"},
        .look =
            [](View& view) {
              return sight_of(readable_files(view, {std::begin(kServiceAccount), std::end(kServiceAccount)}),
                              "no token that can be read");
            },
        .spoil = {.prepare = planted("/var/run/secrets/kubernetes.io/serviceaccount/token")},
    },
    {
        .id = "orch.secrets.mounted",
        .title = "Secrets that the engine or the orchestrator has mounted.",
        .severity = Severity::info,
        .why = "It is the way that secrets should take; what is there is what is lost with the container.",
        .how = "Names and sizes in /run/secrets.",
        .references = {"docker-secret(1)", "podman-secret(1)"},
        .look =
            [](View& view) {
              const sys::Got<std::vector<std::string>>& names = view.names("/run/secrets", 64);
              if (!names.ok()) return not_applicable(say("/run/secrets: ", errno_name(names.error())));
              std::vector<std::string> paths;
              for (const std::string& name : names.value) paths.push_back(say("/run/secrets/", name));
              return not_applicable(
                  sight_of(readable_files(view, paths), "nothing in /run/secrets can be read").observed);
            },
    },
};

}  // namespace
}  // namespace nsproof::audit
