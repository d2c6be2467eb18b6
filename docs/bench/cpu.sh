#!/usr/bin/env bash
# cpu.sh PEER...: CPU time per request of each balancer with 32 connections as busy as they can be, one
# balancer after another, ROUNDS times (3) for SECONDS_EACH seconds (6). Needs nginx, wrk, curl and the peers
# (peer.sh). Compare within one run only, on an otherwise idle machine.
set -u
. "$(dirname "$0")/servers.sh"

# ticks PID: CPU time of the process and its children, in hundredths of a second
ticks() {
  local sum=0 p
  for p in "$1" $(pgrep -P "$1"); do
    set -- $(cut -d' ' -f14,15 "/proc/$p/stat" 2>/dev/null)
    sum=$((sum + ${1:-0} + ${2:-0}))
  done
  echo "$sum"
}

for _ in $(seq "${ROUNDS:-3}"); do
  for name in "$@"; do
    start_peer "$name"
    wrk -t1 -c32 -d1s "http://127.0.0.1:$listen/" >/dev/null
    before=$(ticks "$peer")
    wrk -t1 -c32 -d"${SECONDS_EACH:-6}s" --latency "http://127.0.0.1:$listen/" >"$work/wrk.txt"
    after=$(ticks "$peer")
    awk -v name="$name" -v ticks=$((after - before)) '
      /requests in/ { n = $1 } /Requests\/sec/ { rate = $2 } /99%/ { p99 = $2 } /Non-2xx/ { bad = $NF } /Socket errors/ { bad += $4 + $6 + $8 + $10 }
      END { printf "%-22s %6.1f us/request  %7.0f requests/s  p99 %8s  errors %d\n", name, ticks * 10000 / n, rate, p99, bad }' "$work/wrk.txt"
    stop_peer
  done
done
