#!/usr/bin/env bash
# For `git bisect run` in a kernel tree: builds the kernel of this commit and says whether it isolates.
#   git bisect start v6.9 v6.8
#   git bisect run bisect.sh 'net.*' --not net.nftables
# Arguments go to `nsproof verify`. NSPROOF, IMAGE and BUILD replace the program, the image and the command that makes it.
# A commit that does not build or boot, or whose verdict is not established, is skipped (125).
set -u
nsproof=${NSPROOF:-nsproof}
image=${IMAGE:-arch/x86/boot/bzImage}
build=${BUILD:-make -s olddefconfig && make -s -j "$(nproc)" bzImage}

bash -c "$build" || exit 125
"$nsproof" verify --kernel "$image" -q "$@"
case $? in
  0) exit 0 ;;
  1) exit 1 ;;
  130 | 143) exit 128 ;; # interrupted: stop the bisection
  *) exit 125 ;;
esac
