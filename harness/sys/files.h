// Remote calls about files and descriptors. Whole-file helpers are one frame: open, act, close.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

Reply open(Actor& actor, std::string_view path, int flags, unsigned mode = 0600);
Reply openat(Actor& actor, int directory, std::string_view path, int flags, unsigned mode = 0600);
Reply close(Actor& actor, int fd);
Got<std::string> read(Actor& actor, int fd, std::size_t bytes = 4096);
Reply write(Actor& actor, int fd, std::string_view data);
Reply dup3(Actor& actor, int from, int to, int flags = 0);

// A pair of descriptors: pipe2(2).
struct Pair {
  int first = -1;
  int second = -1;
};
Got<Pair> pipe(Actor& actor, int flags = O_CLOEXEC);

// The first error of open, read and close is the error of the whole. Files of /proc are read in one read(2), at most
// 32 KiB of them.
Got<std::string> read_file(Actor& actor, std::string_view path);
// Writes to a file that exists (a file of /proc, say): one write(2) of all of it. The reply is that of the first call
// that failed, or of the write.
Reply write_file(Actor& actor, std::string_view path, std::string_view data);
// Creates the file, or empties it, and writes it.
Reply make_file(Actor& actor, std::string_view path, std::string_view data, unsigned mode = 0600);

Reply mkdir(Actor& actor, std::string_view path, unsigned mode = 0755);
Reply rmdir(Actor& actor, std::string_view path);
Reply unlink(Actor& actor, std::string_view path);
Reply rename(Actor& actor, std::string_view from, std::string_view to);
Reply symlink(Actor& actor, std::string_view target, std::string_view path);
Reply chdir(Actor& actor, std::string_view path);
Reply fchdir(Actor& actor, int fd);
Reply chroot(Actor& actor, std::string_view path);
Reply chmod(Actor& actor, std::string_view path, unsigned mode);
Reply chown(Actor& actor, std::string_view path, std::int64_t user, std::int64_t group);
Reply mknod(Actor& actor, std::string_view path, unsigned mode, std::uint64_t device);
Reply access(Actor& actor, std::string_view path, int mode = 0);

Got<struct stat> stat(Actor& actor, std::string_view path);
Got<struct stat> fstat(Actor& actor, int fd);
Got<std::string> readlink(Actor& actor, std::string_view path);

// The names in a directory without "." and "..": open(2), getdents64(2) once with 32 KiB, close(2).
Got<std::vector<std::string>> list_directory(Actor& actor, std::string_view path);

}  // namespace nsproof::sys
