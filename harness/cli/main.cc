// The program. Everything is in the libraries.
#include "harness/cli/cli.h"

int main(int argc, char** argv) { return nsproof::run_cli(argc, argv); }
