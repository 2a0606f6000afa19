#!/bin/sh
# Measures as a user without any privilege: bench_as_nobody.sh NSPROOF [ARGUMENT...]
# From a copy, for that user may not be allowed to enter the directories of a build.
set -eu
place=$(mktemp -d)
trap 'rm -f "$place/nsproof"; rmdir "$place"' EXIT
chmod 755 "$place"
install -m 755 "$1" "$place/nsproof"
shift
cd "$place"
setpriv --reuid 65534 --regid 65534 --clear-groups ./nsproof bench "$@"
