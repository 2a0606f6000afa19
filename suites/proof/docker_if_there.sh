#!/bin/sh
# Judges Docker where it is installed, by a daemon of its own in a throw-away layer, and says which was the case.
# usage: docker_if_there.sh NSPROOF
set -eu
for program in docker dockerd containerd; do
  if ! command -v "$program" >/dev/null; then
    echo "not tested: $program is not installed (apt-get install docker.io)"
    exit 0
  fi
done
"$1" verify --runtime docker -q
echo "tested: $(docker --version)"
