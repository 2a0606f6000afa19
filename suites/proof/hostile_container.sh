#!/bin/sh
# Makes itself at home in fresh namespaces with everything that could hold up, fill up or mislead somebody who looks,
# and stays. For unshare(1) with --mount-proc; it must not be run anywhere else.
set -eu
[ "$$" = 1 ] || { echo "only as the first process of a PID namespace" >&2; exit 2; }

mount -t tmpfs -o size=64m none /run
mkdir -p /run/secrets/kubernetes.io/serviceaccount /run/lock
mkfifo /run/docker.sock /run/secrets/kubernetes.io/serviceaccount/token /run/secrets/fifo
ln -s loop /run/loop
ln -s ../run/secrets /run/secrets/again
truncate -s 64G /run/secrets/huge

deep=/run/deep
for _ in $(seq 200); do
  mkdir "$deep"
  deep=$deep/d
done
mkdir /run/many
(cd /run/many && seq 20000 | xargs touch)

# Names that would be lines or markup of a report.
touch "$(printf '/run/\033[31mred\nhardened ns.pid.host \202\377')"
mkdir "$(printf '/run/secrets/]]><b>&amp;\r\n')"

# A file system with no room left, and a long mount table with a line feed in it.
mount -t tmpfs -o size=1m none /tmp
cp /dev/zero /tmp/full 2>/dev/null || true
for number in $(seq 300); do
  mkdir -p "/run/m/$number"
  mount -t tmpfs -o size=4k "$(printf 'so\nurce')" "/run/m/$number"
done

# Who stops everything that it can see.
(
  while :; do
    for process in /proc/[0-9]*; do
      process=${process#/proc/}
      [ "$process" -le 2 ] || kill -STOP "$process" 2>/dev/null || true
    done
  done
) &

# A file system whose server never answers.
mkdir /run/slow
exec 7<>/dev/fuse
mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0,allow_other none /run/slow
exec sleep 120
