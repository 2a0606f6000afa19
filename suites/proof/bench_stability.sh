#!/bin/sh
# How far the gated ratios drift from run to run on a machine that is busy: RUNS runs of six sets while three processes
# compute in bursts. Prints the coefficient of variation of every set and fails above LIMIT percent.
# usage: bench_stability.sh NSPROOF [RUNS [LIMIT]]
set -eu
nsproof=$1
runs=${2:-8}
limit=${3:-3}
work=$(mktemp -d)

hogs=
end() {
  for hog in $hogs; do kill "$hog" 2>/dev/null || true; done
  rm -f "$work"/*.json "$work"/ratios
  rmdir "$work"
}
trap end EXIT INT TERM

# Bursts of computing and sleeping, some tenths of a second each.
for hog in 1 2 3; do
  (
    trap 'exit 0' TERM
    while :; do
      count=0
      while [ "$count" -lt $((40000 * hog)) ]; do count=$((count + 1)); done
      sleep 0.$((hog + 1))
    done
  ) &
  hogs="$hogs $!"
done

run=0
while [ "$run" -lt "$runs" ]; do
  run=$((run + 1))
  "$nsproof" bench -q --smoke --seed "$run" --report "customSmallerIsBetter=$work/$run.json" \
    create/none create/uts create/user create/mnt create/net create/all >/dev/null
  # "create/net (total, to create/none)" and its value
  sed -n 's/.*"name": "\(create[^"]*, to [^"]*\)".*/\1/p; s/.*"value": \([0-9.e+-]*\).*/=\1/p' "$work/$run.json" |
    awk '/^=/ { if (name != "") print name "\t" substr($0, 2); name = ""; next } { name = $0 }' >>"$work/ratios"
done

awk -F '\t' -v limit="$limit" -v runs="$runs" '
  { n[$1]++; sum[$1] += $2; squares[$1] += $2 * $2 }
  END {
    bad = 0
    for (name in n) {
      mean = sum[name] / n[name]
      variance = (squares[name] - n[name] * mean * mean) / (n[name] - 1)
      drift = 100 * sqrt(variance > 0 ? variance : 0) / mean
      printf "%-40s %8.3f x   drift %.2f %% over %d runs%s\n", name, mean, drift, n[name], (drift > limit ? "   too much" : "")
      if (drift > limit || n[name] != runs) bad = 1
      sets++
    }
    exit bad || sets != 5
  }' "$work/ratios"
