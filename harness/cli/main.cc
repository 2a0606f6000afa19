// The program. Everything is in the libraries.
#include "harness/cli/cli.h"
#include "harness/guest/init.h"

int main(int argc, char** argv) {
  if (nsproof::guest::is_guest_init()) nsproof::guest::run_guest_init();
  return nsproof::run_cli(argc, argv);
}
