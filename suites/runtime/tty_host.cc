// Terminals of the host: who can open one can read what is typed there and write to its screen.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// A pair of pseudoterminals of the host (pts(4)): the master's descriptor and the number of the other end.
struct Terminal {
  int master = -1;
  int number = 0;
};

Terminal open_terminal(Actor& actor) {
  Terminal terminal;
  terminal.master = static_cast<int>(must(sys::open(actor, "/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)));
  const int unlocked = 0;
  must(actor.call(SYS_ioctl, "ioctl",
                  {num(terminal.master), named(TIOCSPTLCK, "TIOCSPTLCK"), record(raw(unlocked), "[0]")}));
  const Reply number =
      actor.call(SYS_ioctl, "ioctl", {num(terminal.master), named(TIOCGPTN, "TIOCGPTN"), out(sizeof(unsigned))});
  must(number);
  terminal.number = out_as<int>(number);
  return terminal;
}

// A sandbox may have a terminal of the same number, so what counts is where the text comes out.
Observation host_terminal_apart(World& w) {
  const Terminal terminal = open_terminal(w.outside());
  const std::string path = say("/dev/pts/", terminal.number);
  const Reply opened = sys::open(w.inside(), path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (!opened.ok()) return isolated(say(path, ": ", errno_name(opened.error())));
  must(sys::write(w.inside(), static_cast<int>(opened.value), "from inside"));
  const Reply flags = w.outside().call(
      SYS_fcntl, "fcntl", {num(terminal.master), named(F_SETFL, "F_SETFL"), named(O_NONBLOCK, "O_NONBLOCK")});
  must(flags);
  const sys::Got<std::string> shown = sys::read(w.outside(), terminal.master);
  if (shown.ok() && shown.value.find("from inside") != std::string::npos)
    return leaked(say("inside writes on the screen of the host's terminal ", path));
  return isolated(say(path, " is another terminal"));
}

const RuntimeRows rows = {{
    .id = "tty.host.out-of-reach",
    .claim = "A terminal of the host cannot be opened in the sandbox.",
    .how = "Outside opens a pseudoterminal; inside opens the same number in /dev/pts and writes to it.",
    .source = "pts(4), Documentation/filesystems/devpts.rst",
    .since = {2, 6, 29},
    .reach = Reach::any_sandbox,
    .check = host_terminal_apart,
}};

}  // namespace
}  // namespace nsproof
