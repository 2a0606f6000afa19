// Judgements of a mount table that need nothing but the table.
#include <algorithm>
#include <set>

#include "harness/support/text.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

// A mount below `place` that hides what is there, or makes it read-only.
struct Guard {
  std::string name;  // "/keys" of /proc/keys
  bool hides = false;
};

std::vector<Guard> guards_below(const std::vector<const Mount*>& mounts, std::string_view place,
                                std::string_view type) {
  std::vector<Guard> guards;
  for (const Mount* one : mounts) {
    if (one->target == place || !is_below(one->target, place) || is_writable(*one)) continue;
    const bool empty = one->type == "tmpfs";  // a directory without anything, or the null device
    if (empty || one->type == type) guards.push_back({one->target.substr(place.size()), empty});
  }
  return guards;
}

}  // namespace

Sight judge_sensitive(const Mounts& mounts) {
  std::vector<std::string> found;
  bool any_writable = false;
  for (const Mount* one : visible(mounts)) {
    if (origin_of(*one, mounts) != Origin::sensitive) continue;
    found.push_back(described(*one));
    any_writable = any_writable || is_writable(*one);
  }
  if (found.empty()) return hardened("no directory of the host's configuration, keys, logs or programs is mounted");
  if (any_writable) return weak(some_of(found));
  return weak(some_of(found), Severity::medium, "all of it is read-only");
}

Sight judge_host_paths(const Mounts& mounts) {
  std::vector<std::string> found;
  for (const Mount* one : visible(mounts)) {
    const Origin origin = origin_of(*one, mounts);
    if (origin == Origin::sensitive || origin == Origin::host_path) found.push_back(described(*one));
  }
  if (found.empty()) return hardened(say("none among ", mounts.size(), " mounts"));
  return weak(some_of(found));
}

Sight judge_fuse(const Mounts& mounts) {
  std::vector<std::string> found;
  bool any = false;
  for (const Mount* one : visible(mounts)) {
    // A root file system by FUSE is how an engine without privileges makes overlays: it serves this container alone.
    if (!one->type.starts_with("fuse") || one->type == "fusectl" || origin_of(*one, mounts) == Origin::root) continue;
    any = true;
    const bool lxcfs = one->type == "fuse.lxcfs" || one->source == "lxcfs";
    if (is_writable(*one) && (lxcfs || option_of(one->super_options, "allow_other"))) found.push_back(described(*one));
  }
  if (!any) return not_applicable("no FUSE file system is mounted");
  if (found.empty()) return hardened("none is writable for other users than its own");
  return weak(some_of(found));
}

Sight judge_overlay_paths(const Mounts& mounts) {
  std::vector<std::string> found;
  bool any = false;
  for (const Mount* one : visible(mounts)) {
    if (one->type != "overlay" || origin_of(*one, mounts) != Origin::root) continue;
    any = true;
    for (const char* name : {"upperdir", "workdir"}) {
      const std::optional<std::string> path = option_of(one->super_options, name);
      const std::string text = path && path->starts_with('/') ? say(name, "=", quoted(*path, 120)) : "";
      if (!text.empty() && std::find(found.begin(), found.end(), text) == found.end()) found.push_back(text);
    }
  }
  if (!any) return not_applicable("the root file system is no overlay");
  if (found.empty()) return hardened("the options of the overlay name no directory of the host that is written to");
  return weak(some_of(found));
}

Sight judge_devtmpfs(const Mounts& mounts) {
  std::vector<std::string> found;
  for (const Mount* one : visible(mounts))
    if (one->type == "devtmpfs" && one->root == "/") found.push_back(described(*one));
  if (found.empty()) return hardened("no devtmpfs is mounted as a whole");
  return weak(some_of(found));
}

Sight judge_twin(const Mounts& mounts, std::string_view type, std::string_view place) {
  const std::vector<const Mount*> seen = visible(mounts);
  const bool there = std::any_of(seen.begin(), seen.end(),
                                 [&](const Mount* one) { return one->target == place && one->type == type; });
  const std::vector<Guard> guards = guards_below(seen, place, type);
  std::set<std::string> guarded;
  for (const Mount* one : seen)
    if (!is_writable(*one)) guarded.insert(one->target);
  std::vector<std::string> found;
  for (const Mount* twin : seen) {
    if (twin->type != type || twin->root != "/" || twin->target == place) continue;
    const auto bare = std::find_if(guards.begin(), guards.end(), [&](const Guard& guard) {
      return (guard.hides || is_writable(*twin)) && !guarded.contains(twin->target + guard.name);
    });
    if (bare != guards.end())
      found.push_back(say(quoted(twin->target + bare->name, 120), " is not ", bare->hides ? "hidden" : "read-only",
                          " as ", quoted(say(place, bare->name), 120), " is"));
    else if (!there)
      found.push_back(say(quoted(twin->target), " is a ", type, ", and there is none at ", place));
  }
  if (!found.empty()) return weak(some_of(found));
  return hardened(there ? say("no other ", type, " shows more than that at ", place) : say("no ", type, " is mounted"));
}

}  // namespace nsproof::audit
