// Secrets are found and never shown: a machine of the test's own has secrets everywhere, and no byte of them gets into
// what the rules say or into their evidence.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "harness/audit/rule.h"
#include "harness/audit/subject.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/orch_network.h"
#include "suites/audit/orch_secrets.h"

namespace nsproof::audit {
namespace {

constexpr const char* kSecret = "correct-horse-battery-staple";

std::string answer(const Sight& sight) { return std::string(name_of(sight.answer)); }

struct Machine {
  std::map<std::string, std::string> files;
  std::set<std::string> opened;
};

// Answers stat, access, open, read and close from the machine's files; there is nothing else.
class MachineTransport final : public Transport {
 public:
  explicit MachineTransport(Machine& machine) : machine_(machine) {}
  wire::Hello hello(Milliseconds /*deadline*/) override {
    return {wire::kHelloMagic, wire::kVersion, 0x10000, 0x20000, 0x20010, 0x30000};
  }
  void submit(std::span<const Step> steps) override { steps_ = steps; }
  bool new_image(Milliseconds /*deadline*/) override { return false; }
  std::vector<Reply> collect(Milliseconds /*deadline*/) override {
    std::vector<Reply> replies;
    std::vector<std::int64_t> values;
    for (const Step& step : steps_) {
      replies.push_back(answer_to(step));
      replies.back().call = text_of(step, values);
      values.push_back(replies.back().value);
      if (!replies.back().ok() && step.on_error == wire::OnError::stop) break;
    }
    return replies;
  }
  std::unique_ptr<Transport> pass_channel(std::string_view /*name*/) override { return nullptr; }
  void pass_descriptor(int /*fd*/) override {}
  bool ended(Milliseconds /*deadline*/) override { return false; }

 private:
  // The path among the arguments, if the machine has such a file.
  const std::string* file_of(const Step& step, std::string& path) const {
    for (const Arg& arg : step.args)
      if (arg.kind == Arg::Kind::memory && arg.bytes.starts_with('/')) path = arg.bytes.c_str();
    const auto found = machine_.files.find(path);
    return found != machine_.files.end() ? &found->second : nullptr;
  }

  Reply answer_to(const Step& step) {
    std::string path;
    const std::string* file = file_of(step, path);
    constexpr long kFaccessat2 = 439;
    if (step.number == SYS_newfstatat && file != nullptr) {
      struct stat seen {};
      seen.st_mode = S_IFREG | 0644;
      seen.st_size = static_cast<off_t>(file->size());
      return {0, {raw(seen)}, {}};
    }
    if (step.number == kFaccessat2 && file != nullptr) return {0, {}, {}};
    if ((step.number == SYS_openat || step.number == SYS_open) && file != nullptr) {
      machine_.opened.insert(path);
      content_ = *file;
      return {7, {}, {}};
    }
    // Directories are there to be passed through, not to be listed.
    if (step.number == SYS_openat || step.number == SYS_open) return {-EACCES, {}, {}};
    if (step.number == SYS_read) {
      const std::string piece = content_.substr(0, 4096);
      content_.erase(0, piece.size());
      return {static_cast<std::int64_t>(piece.size()), {piece}, {}};
    }
    if (step.number == SYS_close) return {0, {}, {}};
    return {-ENOENT, {}, {}};
  }

  Machine& machine_;
  std::span<const Step> steps_;
  std::string content_;
};

class MachineSubject final : public Subject {
 public:
  explicit MachineSubject(Machine& machine)
      : inside_("inside", std::make_unique<MachineTransport>(machine), unseen_),
        host_("outside", std::make_unique<MachineTransport>(machine), unseen_) {}
  [[nodiscard]] std::string title() const override { return "a machine of the test's own"; }
  Actor& inside() override { return inside_; }
  void renew_inside() override {}
  Actor* host() override { return &host_; }
  [[nodiscard]] std::string process_directory() const override { return "/proc/4711"; }

 private:
  Transcript unseen_;
  Actor inside_;
  Actor host_;
};

Machine full_of_secrets() {
  const std::string secret = kSecret;
  Machine machine;
  machine.files["/proc/4711/status"] = "Name:\tx\nPid:\t4711\nNSpid:\t4711\n";
  machine.files["/proc/4711/environ"] = std::string("PATH=/bin\0DB_PASSWORD=", 22) + secret + '\0' +
                                        "DATABASE_URL=postgres://app:" + secret + "@db/app" + '\0' + "secret " +
                                        secret + '\0' + "TOKEN " + secret + "=1" + '\0';
  machine.files["/proc/cmdline"] = "quiet mitigations=off password=" + secret + "\n";
  machine.files["/etc/machine-id"] = secret + "\n";
  machine.files["/etc/passwd"] = "root:x:0:0:root:/root:/bin/sh\napp:x:1:1::/srv/app:/bin/sh\n";
  for (const char* path :
       {"/root/.docker/config.json", "/srv/app/.aws/credentials", "/srv/app/.ssh/id_ed25519", "/root/.kube/config",
        "/var/run/secrets/kubernetes.io/serviceaccount/token", "/root/.git-credentials", "/root/.npmrc",
        "/root/.vault-token", "/srv/app/.pgpass", "/root/.azure/accessTokens.json",
        "/root/.config/gcloud/application_default_credentials.json"})
    machine.files[path] = secret;
  return machine;
}

// Everything that a report could print of a finding.
std::string all_text(const std::string& observed, const std::vector<std::shared_ptr<const Transcript>>& evidence) {
  std::string text = observed;
  for (const auto& transcript : evidence)
    for (const Entry& entry : transcript->entries) {
      text += say("\n", entry.call, "\n", entry.shows);
      for (const std::string& bytes : entry.outs) text += say("\n", bytes);
    }
  return text;
}

struct Looked {
  Sight sight;
  std::string text;
};
Looked look(View& view, const std::string& id) {
  const Rule* rule = find_rule(id);
  if (rule == nullptr) throw std::logic_error(say("no rule ", id));
  Looked looked;
  try {
    looked.sight = rule->look(view);
  } catch (const CouldNotLook& reason) {
    looked.sight = unknown(reason.what());
  }
  looked.text = all_text(looked.sight.observed, view.take_evidence());
  return looked;
}

// Of any eight bytes of the secret: shortened or escaped, it is one still.
bool shows_secret(const std::string& text) {
  const std::string secret = kSecret;
  for (std::size_t at = 0; at + 8 <= secret.size(); ++at)
    if (text.find(secret.substr(at, 8)) != std::string::npos) return true;
  return false;
}

TEST(AuditSecrets, TheTestWouldSeeThem) {
  Machine machine = full_of_secrets();
  MachineSubject subject(machine);
  View view(subject);
  const std::string text = view.process_file("environ").value;
  EXPECT_TRUE(shows_secret(text));
  EXPECT_TRUE(shows_secret(all_text("", view.take_evidence()))) << "a plain read is in the evidence";
}

TEST(AuditSecrets, NoRuleShowsAny) {
  Machine machine = full_of_secrets();
  MachineSubject subject(machine);
  View view(subject);
  int looked_at = 0;
  for (const Rule& rule : rules()) {
    if (!rule.id.starts_with("orch.") && !rule.id.starts_with("leak.") && rule.id != "host.boot-mitigations.off")
      continue;
    const Looked looked = look(view, rule.id);
    EXPECT_FALSE(shows_secret(looked.text)) << rule.id << ": " << looked.text;
    ++looked_at;
  }
  EXPECT_GT(looked_at, 20);
}

TEST(AuditSecrets, VariablesAreFoundByNameAndLength) {
  Machine machine = full_of_secrets();
  MachineSubject subject(machine);
  View view(subject);
  const Looked looked = look(view, "orch.environment.secrets");
  EXPECT_EQ(answer(looked.sight), "weak");
  EXPECT_EQ(looked.sight.observed, "DB_PASSWORD (28 bytes), DATABASE_URL (50 bytes, a URL with a password)");
  EXPECT_NE(looked.text.find("/proc/4711/environ"), std::string::npos) << "the evidence has the call";
}

TEST(AuditSecrets, FilesAreFoundAndNotOpened) {
  Machine machine = full_of_secrets();
  MachineSubject subject(machine);
  View view(subject);
  for (const char* id :
       {"orch.registry-login.readable", "orch.aws.readable", "orch.ssh-key.readable", "orch.kubeconfig.readable",
        "orch.token.mounted", "orch.git-login.readable", "orch.package-token.readable", "orch.vault-token.readable",
        "orch.database-login.readable", "orch.azure.readable", "orch.gcloud.readable"}) {
    const Looked looked = look(view, id);
    EXPECT_EQ(answer(looked.sight), "weak") << id << ": " << looked.sight.observed;
    EXPECT_NE(looked.sight.observed.find("(28 bytes)"), std::string::npos) << looked.sight.observed;
  }
  EXPECT_EQ(machine.opened, (std::set<std::string>{"/etc/passwd"}));
}

TEST(AuditSecrets, AnEmptyMachineHasNone) {
  Machine machine;
  machine.files["/proc/4711/status"] = "Name:\tx\nPid:\t4711\nNSpid:\t4711\n";
  MachineSubject subject(machine);
  View view(subject);
  EXPECT_EQ(answer(look(view, "orch.aws.readable").sight), "hardened");
  EXPECT_EQ(answer(look(view, "orch.token.mounted").sight), "hardened");
  EXPECT_EQ(answer(look(view, "orch.environment.secrets").sight), "unknown") << "an environment that cannot be read";
}

TEST(AuditSecrets, TheMachineIdIsComparedOnly) {
  Machine machine = full_of_secrets();
  MachineSubject subject(machine);
  View view(subject);
  const Looked looked = look(view, "leak.machine-id.of-host");
  EXPECT_EQ(answer(looked.sight), "weak");
  EXPECT_EQ(looked.sight.observed, "/etc/machine-id is the host's");
}

TEST(AuditSecrets, NamesOfSecrets) {
  for (const char* name : {"PASSWORD", "DB_PASS", "DB_PWD", "PGPASSWORD", "MYSQL_ROOT_PASSWORD", "GITHUB_TOKEN",
                           "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "apikey", "stripe.api-key", "SENTRY_DSN",
                           "SIGNING_KEY", "SSH_PRIVATE_KEY", "AZURE_CLIENT_SECRET", "GOOGLE_CREDENTIALS"})
    EXPECT_TRUE(names_a_secret(name)) << name;
  for (const char* name : {"PWD", "OLDPWD", "OLD_PWD", "PATH", "HOME", "GPG_KEY", "SSH_AUTH_SOCK", "PASSWORD_FILE",
                           "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ACCESS_KEY_ID", "TOKEN_URL", "SECRET_NAME", "COMPASS",
                           "KEYBOARD", "TOKEN_TTL"})
    EXPECT_FALSE(names_a_secret(name)) << name;
}

TEST(AuditSecrets, WhatIsNoVariableIsNoName) {
  const std::string environ = std::string("hunter2\0=x\0a b=c\0OK=\0PASSWORD\nx=1\0", 35);
  const std::vector<Variable> variables = variables_of(environ);
  ASSERT_EQ(variables.size(), 1U);
  EXPECT_EQ(variables[0].name, "OK");
  EXPECT_EQ(answer(judge_secret_variables({{"DB_PASSWORD", 0}})), "hardened") << "it holds nothing";
  EXPECT_EQ(answer(judge_secret_variables({{"DB_PASSWORD", 1}})), "weak");
}

TEST(AuditSecrets, UrlsWithPasswords) {
  const auto has_password = [](const std::string& value) { return variables_of("A=" + value).at(0).has_password; };
  EXPECT_TRUE(has_password("postgres://app:pw@db:5432/app"));
  EXPECT_TRUE(has_password("redis://:pw@cache"));
  EXPECT_FALSE(has_password("https://user@host/"));
  EXPECT_FALSE(has_password("https://user:@host/"));
  EXPECT_FALSE(has_password("https://host/a:b@c"));
  EXPECT_FALSE(has_password("mailto:a:b@c"));
}

TEST(AuditNetwork, ServicesOfTheCluster) {
  EXPECT_EQ(answer(judge_service_variables({{"KUBERNETES_SERVICE_HOST", 9}, {"PATH", 4}})), "hardened");
  EXPECT_EQ(answer(judge_service_variables({{"LEDGER_SERVICE_HOST", 9}})), "weak");
}

constexpr const char* kHeader = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

TEST(AuditNetwork, ARouteToTheMetadataService) {
  const std::string by_default = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n";
  const std::string link_local = "eth1\t0000FEA9\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
  const std::string other = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
  const std::string refused = "*\tFEA9FEA9\t00000000\t0205\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n";
  EXPECT_EQ(answer(judge_metadata_routes(kHeader, "")), "hardened");
  EXPECT_EQ(answer(judge_metadata_routes(kHeader + other, "")), "hardened");
  EXPECT_EQ(answer(judge_metadata_routes(kHeader + other + by_default, "")), "weak");
  EXPECT_EQ(judge_metadata_routes(kHeader + link_local, "").observed,
            "169.254.169.254 (most clouds) by \"eth1\", 169.254.170.2 (Amazon ECS) by \"eth1\"");
  // The most specific route decides.
  EXPECT_EQ(judge_metadata_routes(kHeader + link_local + refused, "").observed,
            "169.254.170.2 (Amazon ECS) by \"eth1\"");
}

TEST(AuditNetwork, ARouteOfIpv6) {
  const std::string none =
      "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 "
      "ffffffff 00000001 00000000 00200200       lo\n";
  const std::string by_default =
      "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 "
      "00000400 00000001 00000000 00000003     eth0\n";
  EXPECT_EQ(answer(judge_metadata_routes("", none)), "hardened");
  EXPECT_EQ(answer(judge_metadata_routes("", none + by_default)), "weak");
}

TEST(AuditNetwork, PortsOfTheOrchestrator) {
  const std::string header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
  const std::string listens = "   0: 00000000:280A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n";
  const std::string talks = "   1: 0100007F:280A 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0\n";
  const std::string other = "   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n";
  EXPECT_EQ(answer(judge_control_ports(header + talks + other, "")), "hardened");
  EXPECT_EQ(judge_control_ports(header + other + listens, header + listens).observed, "10250 (the kubelet)");
}

}  // namespace
}  // namespace nsproof::audit
