#include "harness/guest/cpio.h"

#include <fmt/core.h>
#include <sys/stat.h>

namespace nsproof::guest {
namespace {

// Header with name, and contents, are each padded with zeros to a multiple of four bytes.
void pad(std::string& bytes) { bytes.append((4 - bytes.size() % 4) % 4, '\0'); }

}  // namespace

void Cpio::directory(std::string_view path) { entry(path, S_IFDIR | 0755, "", 0, 0); }

void Cpio::file(std::string_view path, unsigned permissions, std::string_view contents) {
  entry(path, S_IFREG | permissions, contents, 0, 0);
}

void Cpio::character_device(std::string_view path, unsigned permissions, unsigned major, unsigned minor) {
  entry(path, S_IFCHR | permissions, "", major, minor);
}

std::string Cpio::finish() {
  entry("TRAILER!!!", 0, "", 0, 0);
  return std::move(bytes_);
}

void Cpio::entry(std::string_view path, unsigned mode, std::string_view contents, unsigned major, unsigned minor) {
  // magic, ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  bytes_ += fmt::format("070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}",
                        ++inode_, mode, 0, 0, 1, 0, contents.size(), 0, 0, major, minor, path.size() + 1, 0);
  bytes_ += path;
  bytes_ += '\0';
  pad(bytes_);
  bytes_ += contents;
  pad(bytes_);
}

}  // namespace nsproof::guest
