// One sandbox that a foreign runtime has made: the probe that it started, and the runtime's own process.
// Everything happens in a layer and by remote calls, so that the transcript shows what was executed and how it ended.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/actor/actor.h"
#include "harness/runtime/target.h"
#include "harness/world/machine_view.h"

namespace nsproof {

// What is planted in the process that becomes the runtime, so that a sandbox which lets it through is found out.
inline constexpr int kPlantedDescriptor = 9;
inline constexpr const char* kPlantedFile = "/run/nsproof/planted";
inline constexpr const char* kPlantedVariable = "NSPROOF_PLANTED";
inline constexpr const char* kPlantedKey = "nsproof-planted";
inline constexpr unsigned kPlantedGroup = 4242;

// The ordinary user of a layer.
inline constexpr unsigned kLayerUser = 1000;
inline constexpr const char* kLayerUserHome = "/home/user";

// Files that a sandbox's root directory brings along, and where they are in it.
inline constexpr const char* kProbeInside = "/nsprobe";
inline constexpr const char* kSetUidTwin = "/bin/twin-setuid";            // set-user-ID root (execve(2))
inline constexpr const char* kFileCapabilityTwin = "/bin/twin-filecaps";  // CAP_NET_RAW, permitted and effective

// Writes what every sandbox of a layer shares below kLayerHome: the probe, and a root directory with its twins for
// tools that have none. Once a layer.
void furnish(ForeignLayer& layer);
// A root directory with the probe, the mount points that runtimes expect and, if anything is planted, the twins. The
// owner may change it, but for the twins, which are root's.
void furnish_root(Actor& warden, const std::string& root, RunAs owner, Planting planting);

// What the words in braces of a target's commands stand for.
struct ContainerPlaces {
  std::string rootfs;  // {rootfs}: a root directory with nothing but the probe, its twins and mount points
  std::string state;   // {state}: an empty directory that the tool may use; {bundle} is an OCI bundle in it
  std::string id;      // {id}: a name that no other container has
  std::string probe;   // {probe}: the program in the root directory; {outside-probe}: where there is no other root
  int holder = 0;      // {holder}: the process whose sandbox is joined
};

class Container {
 public:
  // Starts the target's command in the layer and waits for the probe's hello. `name` is what its actor is called and
  // part of what the runtime calls the container. Throws Broken with the command line, what it wrote to its standard
  // error and how it ended.
  Container(ForeignLayer& layer, const Target& target, const std::string& name, Transcript& transcript);
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;
  ~Container();

  // The probe that the runtime started. Its pid is in the layer's numbers.
  Actor& root() { return *root_; }
  // The root directory as the layer sees it; empty if the sandbox has the layer's own.
  [[nodiscard]] const std::string& rootfs() const { return rootfs_; }
  // The runtime's own process, in the layer's numbers.
  [[nodiscard]] int launcher() const { return launcher_; }

  // A child of the root probe as an actor of this transcript; its pid is in the layer's numbers, too.
  std::unique_ptr<Actor> make_member(const std::string& name, Transcript& transcript);
  // Ends every member, and reaps it.
  void end_members();

  // Lets the probe exit, waits for the runtime to end and runs the clean-up commands. Returns how the runtime ended, as
  // of waitpid(2).
  int stop();

 private:
  ForeignLayer& layer_;
  const Target& target_;
  ContainerPlaces places_;
  std::string rootfs_;
  Transcript unseen_;  // of what belongs to no case
  std::unique_ptr<Container> holder_;
  std::unique_ptr<Actor> root_;
  std::vector<int> members_;  // as the root probe numbers them
  int launcher_ = 0;
  bool stopped_ = false;
};

// The pid of an actor in the numbers of another, which looks for it in its /proc; 0 if it is not there, as in a virtual
// machine.
int pid_seen_by(Actor& watcher, Actor& actor);

// The command of a target whose program does not exist in the sandbox: true if the runtime said that it failed.
bool start_in_vain(ForeignLayer& layer, const Target& target, Transcript& transcript);

}  // namespace nsproof
