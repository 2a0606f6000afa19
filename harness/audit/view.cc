#include "harness/audit/view.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/initial_namespaces.h"
#include "harness/audit/look.h"
#include "harness/support/text.h"

namespace nsproof::audit {

Actor& View::actor(Who who) {
  if (who == Who::inside) return subject_.inside();
  if (who == Who::watcher) return subject_.watcher();
  Actor* host = subject_.host();
  if (host == nullptr) throw CouldNotLook("only the host can tell: nsproof audit --pid PID");
  return *host;
}

void View::use(const std::shared_ptr<const Transcript>& evidence) {
  if (std::find(used_.begin(), used_.end(), evidence) == used_.end()) used_.push_back(evidence);
}

std::vector<std::shared_ptr<const Transcript>> View::take_evidence() { return std::exchange(used_, {}); }

template <class T, class Ask>
const T& View::keep(Shelf<T>& shelf, const std::string& key, Who who, Ask ask) {
  auto found = shelf.find(key);
  if (found == shelf.end()) {
    auto transcript = std::make_shared<Transcript>();
    Kept<T> kept;
    try {
      Actor& asked = actor(who);
      asked.set_transcript(*transcript);
      kept.value = ask(asked);
    } catch (const CouldNotLook& reason) {
      kept.trouble = reason.what();
    } catch (const std::exception& error) {  // the actor may hang in a call, or be gone
      kept.trouble = error.what();
      if (who != Who::host) subject_.renew_inside();
    }
    kept.evidence = std::move(transcript);
    found = shelf.emplace(key, std::move(kept)).first;
  }
  use(found->second.evidence);
  if (!found->second.trouble.empty()) throw CouldNotLook(found->second.trouble);
  return found->second.value;
}

const sys::Got<std::string>& View::file(const std::string& path, std::size_t limit) {
  return keep(texts_, say("file ", path), Who::inside,
              [&](Actor& actor) { return read_cautiously(actor, path, limit); });
}

const sys::Got<std::string>& View::link(const std::string& path) {
  return keep(texts_, say("link ", path), Who::inside, [&](Actor& actor) { return sys::readlink(actor, path); });
}

const sys::Got<struct stat>& View::stat(const std::string& path) {
  return keep(stats_, path, Who::inside, [&](Actor& actor) { return look_at(actor, path, Links::seen); });
}

const sys::Got<sys::FileSystem>& View::file_system(const std::string& path) {
  return keep(file_systems_, path, Who::inside, [&](Actor& actor) { return sys::statfs(actor, path); });
}

const sys::Got<std::vector<std::string>>& View::names(const std::string& path, std::size_t limit) {
  return keep(lists_, path, Who::inside, [&](Actor& actor) { return list_cautiously(actor, path, limit); });
}

int View::access(const std::string& path, int mode) {
  return keep(replies_, say("access ", mode, " ", path), Who::inside,
              [&](Actor& actor) { return may_access(actor, path, mode); })
      .error();
}

bool View::writable(const std::string& path) { return access(path, W_OK) == 0; }
bool View::exists(const std::string& path) { return stat(path).ok(); }

const sys::Got<std::string>& View::process_file(const std::string& name) {
  return keep(texts_, say("process ", name), Who::watcher, [&](Actor& actor) {
    return read_cautiously(actor, say(subject_.process_directory(), "/", name), 1024 * 1024);
  });
}

const sys::Got<std::string>& View::process_link(const std::string& name) {
  return keep(texts_, say("process link ", name), Who::watcher,
              [&](Actor& actor) { return sys::readlink(actor, say(subject_.process_directory(), "/", name)); });
}

const sys::Got<std::vector<std::string>>& View::process_names(const std::string& name) {
  return keep(lists_, say("process ", name), Who::watcher,
              [&](Actor& actor) { return list_cautiously(actor, say(subject_.process_directory(), "/", name), 4096); });
}

const Status& View::status() {
  const sys::Got<std::string>& text = process_file("status");
  if (!text.ok()) throw CouldNotLook(say("/proc/PID/status: ", errno_name(text.error())));
  if (!status_) status_ = std::make_unique<Status>(parse_status(text.value));
  return *status_;
}

const std::vector<sys::MountInfo>& View::mounts() {
  const sys::Got<std::string>& text = process_file("mountinfo");
  if (!text.ok()) throw CouldNotLook(say("/proc/PID/mountinfo: ", errno_name(text.error())));
  if (!mounts_) mounts_ = std::make_unique<std::vector<sys::MountInfo>>(sys::parse_mountinfo(text.value));
  return *mounts_;
}

const sys::MountInfo* View::mount_at(std::string_view target) {
  const std::vector<sys::MountInfo>& all = mounts();
  const auto found =
      std::find_if(all.rbegin(), all.rend(), [&](const sys::MountInfo& one) { return one.target == target; });
  return found != all.rend() ? &*found : nullptr;
}

const sys::MountInfo* View::mount_of(std::string_view path) {
  for (std::string_view at = path; !at.empty();) {
    if (const sys::MountInfo* mount = mount_at(at)) return mount;
    const std::size_t slash = at.rfind('/');
    if (slash == std::string_view::npos || at == "/") break;
    at = at.substr(0, std::max<std::size_t>(slash, 1));
  }
  return nullptr;
}

NamespaceView View::look_at_namespace(Ns type) {
  const std::string name = say("ns/", name_of(type));
  const sys::Got<std::string>& link = process_link(name);
  if (!link.ok()) throw CouldNotLook(say("/proc/PID/", name, ": ", errno_name(link.error())));
  NamespaceView seen;
  seen.inode = inode_in(link.value);
  if (is_initial_inode(type, seen.inode)) {
    seen.ownership = Ownership::host;
    seen.how = say(link.value, " is the initial one");
    return seen;
  }
  // From the host there is no need to conclude: its own are there to be compared with. Where /proc/1 is closed even to
  // root, those of the auditor are.
  for (const std::string& process : {subject_.host_process(), std::string("/proc/self")}) {
    if (subject_.host() == nullptr) break;
    const sys::Got<std::string>& theirs = keep(texts_, say("host ", process, " ", name), Who::host, [&](Actor& actor) {
      return sys::readlink(actor, say(process, "/", name));
    });
    if (!theirs.ok()) continue;
    seen.ownership = theirs.value == link.value ? Ownership::host : Ownership::own;
    seen.how = say(link.value, seen.ownership == Ownership::host ? " is the host's" : ", the host's is ",
                   seen.ownership == Ownership::host ? "" : theirs.value);
    return seen;
  }
  if (has_fixed_inode(type)) {
    seen.ownership = Ownership::own;
    seen.how = say(link.value, " is not the initial one, ", initial_inode(type));
    return seen;
  }
  // The inodes of the first network and mount namespace are fixed only on newer kernels.
  const auto asked = [&](const std::string& path) { return exists(path); };
  if (type == Ns::net) {
    const bool first = asked("/proc/sys/net/core/netdev_max_backlog");
    seen.ownership = first ? Ownership::host : Ownership::own;
    seen.how = say(link.value, "; /proc/sys/net/core/netdev_max_backlog, which only the initial one has, is ",
                   first ? "there" : "not there");
    if (!exists("/proc/sys/net/core")) {
      seen.ownership = Ownership::undecided;
      seen.how = say(link.value, ", and /proc/sys/net is out of sight");
    }
    return seen;
  }
  seen.how = say(link.value, ", and nothing tells whose that is");
  return seen;
}

const NamespaceView& View::name_space(Ns type) {
  const auto found = namespaces_.find(type);
  // Asking again costs nothing and makes the evidence this rule's, too.
  NamespaceView seen = look_at_namespace(type);
  if (found != namespaces_.end()) return found->second;
  return namespaces_.emplace(type, std::move(seen)).first->second;
}

const UserNamespaceView& View::user_namespace() {
  const NamespaceView& seen = name_space(Ns::user);
  const sys::Got<std::string>& map = process_file("uid_map");
  if (user_) return *user_;
  user_ = std::make_unique<UserNamespaceView>();
  user_->ownership = seen.ownership;
  user_->how = seen.how;
  user_->uid_map = map.value;
  for (const std::string& line : lines_of(map.value)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() == 3 && words[1] == "0") user_->identity = true;
  }
  return *user_;
}

std::vector<Reached> View::reach(const std::vector<ReachCall>& calls) {
  if (subject_.from_host())
    throw CouldNotLook("what a seccomp filter lets through shows only inside: run nsproof audit there");
  std::vector<ReachCall> missing;
  for (const ReachCall& call : calls)
    if (!reached_.contains(call)) missing.push_back(call);
  if (!missing.empty()) {
    if (!no_prober_.empty()) throw CouldNotLook(no_prober_);
    auto transcript = std::make_shared<Transcript>();
    try {
      if (!prober_) {
        prober_ = std::make_unique<ReachProber>(subject_.parent());
      }
      const std::vector<Reached> answers = prober_->probe(missing, *transcript);
      for (std::size_t i = 0; i < missing.size(); ++i) {
        // The entry of each call alone: a rule shows what it asked.
        auto own = std::make_shared<Transcript>();
        if (i < transcript->entries.size() && transcript->entries.size() == missing.size())
          own->entries.push_back(transcript->entries[i]);
        else
          own = transcript;
        reached_.emplace(missing[i], Kept<Reached>{answers.at(i), {}, std::move(own)});
      }
    } catch (const Broken& broken) {
      prober_.reset();
      no_prober_ = say("no filter could be stacked on the container's: ", broken.what());
      use(transcript);
      throw CouldNotLook(no_prober_);
    }
  }
  std::vector<Reached> all;
  for (const ReachCall& call : calls) {
    const Kept<Reached>& kept = reached_.at(call);
    use(kept.evidence);
    all.push_back(kept.value);
  }
  return all;
}

Reached View::reach(const ReachCall& call) { return reach(std::vector<ReachCall>{call}).front(); }

const Reply& View::call(const std::string& key, const std::function<Reply(Actor&)>& ask) {
  return keep(replies_, say("call ", key), Who::inside, ask);
}

const Reply& View::host_call(const std::string& key, const std::function<Reply(Actor&)>& ask) {
  return keep(replies_, say("host ", key), Who::host, ask);
}

const sys::Got<std::string>& View::ask(const std::string& key,
                                       const std::function<sys::Got<std::string>(Actor&)>& question) {
  return keep(texts_, say("ask ", key), Who::inside, question);
}

}  // namespace nsproof::audit
