// The command line of nsproof as a function, so that tests can call it. The result is the exit status.
#pragma once

namespace nsproof {

int run_cli(int argc, char** argv);

}  // namespace nsproof
