// What a rule may look at: the container as its own processes see it, and the audited process as the kernel describes
// it. Nothing here changes anything: files are opened only to be read, devices and sockets never, and every answer is
// kept with the calls that brought it, so that ten rules may ask for one file that is read once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/audit/process_status.h"
#include "harness/audit/reach.h"
#include "harness/audit/subject.h"
#include "harness/sys/files.h"
#include "harness/sys/filesystems.h"
#include "harness/sys/mounts.h"
#include "harness/sys/nsfs.h"

namespace nsproof::audit {

// A rule that cannot go on says why, and its answer is unknown.
struct CouldNotLook : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How a namespace of the audited process stands to the host's.
enum class Ownership { host, own, undecided };
struct NamespaceView {
  std::uint64_t inode = 0;
  Ownership ownership = Ownership::undecided;
  std::string how;  // "inode 4026531836 is the initial pid namespace's"
};

struct UserNamespaceView {
  Ownership ownership = Ownership::undecided;
  bool identity = false;  // one's own, but somebody in it is the host's root: an extent begins at 0 outside
  std::string uid_map;    // as the process's reader sees it
  std::string how;
};

class View {
 public:
  explicit View(Subject& subject) : subject_(subject) {}
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  [[nodiscard]] bool from_host() const { return subject_.from_host(); }

  // --- By the names that files have in the container. Symbolic links are followed within its root directory.

  // At most `limit` bytes of a regular file, or one of /proc and /sys; EINVAL for anything else, which is not opened.
  const sys::Got<std::string>& file(const std::string& path, std::size_t limit = 256 * 1024);
  const sys::Got<std::string>& link(const std::string& path);
  // Of the link itself, if it is one (lstat).
  const sys::Got<struct stat>& stat(const std::string& path);
  const sys::Got<sys::FileSystem>& file_system(const std::string& path);
  // At most `limit` names; 4096 is enough for every directory that is not made to be too large.
  const sys::Got<std::vector<std::string>>& names(const std::string& path, std::size_t limit = 4096);
  // faccessat2(2) with AT_EACCESS: 0, or the errno. `mode` is of access(2): W_OK.
  int access(const std::string& path, int mode);
  bool writable(const std::string& path);
  bool exists(const std::string& path);

  // --- The audited process: files below /proc/PID.
  const sys::Got<std::string>& process_file(const std::string& name);
  const sys::Got<std::string>& process_link(const std::string& name);
  const sys::Got<std::vector<std::string>>& process_names(const std::string& name);
  const Status& status();
  const std::vector<sys::MountInfo>& mounts();
  // The uppermost mount at this mount point, and the mount that a path is on; null if there is none.
  const sys::MountInfo* mount_at(std::string_view target);
  const sys::MountInfo* mount_of(std::string_view path);

  const NamespaceView& name_space(Ns type);
  const UserNamespaceView& user_namespace();

  // --- Seccomp: whether the filter lets this call through to the kernel. Throws CouldNotLook from the host.
  Reached reach(const ReachCall& call);
  std::vector<Reached> reach(const std::vector<ReachCall>& calls);

  // --- For what has no name above: a call by a process of the container, or by one on the host (throws CouldNotLook
  // where there is none). The key names the question; its answer is kept.
  const Reply& call(const std::string& key, const std::function<Reply(Actor&)>& ask);
  const Reply& host_call(const std::string& key, const std::function<Reply(Actor&)>& ask);
  // A question that needs several calls, whose answer is text.
  const sys::Got<std::string>& ask(const std::string& key,
                                   const std::function<sys::Got<std::string>(Actor&)>& question);

  // --- For the auditor: what was used since the last call of this.
  std::vector<std::shared_ptr<const Transcript>> take_evidence();

 private:
  enum class Who { inside, watcher, host };
  template <class T>
  struct Kept {
    T value;
    std::string trouble;  // what went wrong instead
    std::shared_ptr<const Transcript> evidence;
  };
  template <class T>
  using Shelf = std::map<std::string, Kept<T>>;

  template <class T, class Ask>
  const T& keep(Shelf<T>& shelf, const std::string& key, Who who, Ask ask);
  Actor& actor(Who who);
  void use(const std::shared_ptr<const Transcript>& evidence);
  NamespaceView look_at_namespace(Ns type);

  Subject& subject_;
  Shelf<sys::Got<std::string>> texts_;
  Shelf<sys::Got<struct stat>> stats_;
  Shelf<sys::Got<sys::FileSystem>> file_systems_;
  Shelf<sys::Got<std::vector<std::string>>> lists_;
  Shelf<Reply> replies_;
  std::map<Ns, NamespaceView> namespaces_;
  std::map<ReachCall, Kept<Reached>> reached_;
  std::unique_ptr<Status> status_;
  std::unique_ptr<std::vector<sys::MountInfo>> mounts_;
  std::unique_ptr<UserNamespaceView> user_;
  std::unique_ptr<ReachProber> prober_;
  std::string no_prober_;  // why there is none
  std::vector<std::shared_ptr<const Transcript>> used_;
};

}  // namespace nsproof::audit
