#!/usr/bin/env bash
# idle_fleet.sh: what a `serve` with `cluster:` costs when idle: three replicas on loopback beside one without, their
# memory in MB after WAIT seconds (60), then their share of a core over as many. Needs SLBTUI; ports 20500-20523.
# Compare within one run only. Resident are memory of its own (anon) and pages of the program (file), which all
# processes of it share, and which the kernel takes back when it needs them.
set -euo pipefail
slbtui=${SLBTUI:-./slbtui} wait=${WAIT:-60} work=$(mktemp -d)
pids=()
stop() { kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"; }
trap 'stop || true' EXIT
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

for i in 0 1 2 3; do
  echo 'servers: [{id: a, url: http://127.0.0.1:20521}, {id: b, url: http://127.0.0.1:20522}, {id: c, url: http://127.0.0.1:20523}]' >"$work/$i.yaml"
  [ $i = 0 ] || cat >>"$work/$i.yaml" <<YAML
cluster: {name: replica$i, listen: 127.0.0.1:2051$i, peers: [127.0.0.1:20511, 127.0.0.1:20512, 127.0.0.1:20513], store: $work/store$i}
YAML
  "$slbtui" serve --config "$work/$i.yaml" --listen "127.0.0.1:2050$i" >"$work/$i.txt" 2>&1 &
  pids+=($!)
done
sleep "$wait"
before=()
for i in 0 1 2 3; do
  kill -0 "${pids[$i]}" 2>/dev/null || { cat "$work/$i.txt"; exit 1; }
  before+=("$(ticks "${pids[$i]}")")
  name=alone; [ $i = 0 ] || name=replica$i
  awk -v name=$name '/^(VmRSS|RssAnon|RssFile):/ { size[$1] = $2 / 1024 } END { printf "%-9s resident %.1f  anon %.1f  file %.1f\n", name, size["VmRSS:"], size["RssAnon:"], size["RssFile:"] }' "/proc/${pids[$i]}/status"
done
sleep "$wait"
for i in 0 1 2 3; do
  name=alone; [ $i = 0 ] || name=replica$i
  awk -v name=$name -v t="$(($(ticks "${pids[$i]}") - before[i]))" -v s="$wait" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%-9s %.2f %% of a core\n", name, 100 * t / hz / s }'
done
