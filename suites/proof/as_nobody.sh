#!/bin/sh
# Runs nsproof as a user without any privilege: as_nobody.sh NSPROOF EXPECTATIONS [ARGUMENT...]
# From a copy, for that user may not be allowed to enter the directories of a build.
set -eu
place=$(mktemp -d)
trap 'rm -f "$place/nsproof" "$place/expectations.toml"; rmdir "$place"' EXIT
chmod 755 "$place"
install -m 755 "$1" "$place/nsproof"
install -m 644 "$2" "$place/expectations.toml"
shift 2
cd "$place"
setpriv --reuid 65534 --regid 65534 --clear-groups ./nsproof "$@" --expect expectations.toml
