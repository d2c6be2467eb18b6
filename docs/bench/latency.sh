#!/usr/bin/env bash
# latency.sh PEER...: what each balancer adds to the response time at RATE requests/s (1000), measured
# in turns with the way straight to a server, ROUNDS times (3) for SECONDS_EACH seconds (8). Needs nginx,
# curl and the peers (peer.sh). Compare within one run only, on an otherwise idle machine.
set -u
. "$(dirname "$0")/servers.sh"

# ask NAME PORT prints its latencies in ms
ask() {
  "${SLBTUI:-slbtui}" load --url "http://127.0.0.1:$2/" --rate "${RATE:-1000}" --duration "${SECONDS_EACH:-8}s" --seed 1 --json 2>/dev/null |
    awk -v name="$1" 'match($0, /"p50_ms":[0-9.]+/) { p50 = substr($0, RSTART + 9, RLENGTH - 9) } match($0, /"p99_ms":[0-9.]+/) { p99 = substr($0, RSTART + 9, RLENGTH - 9) }
      match($0, /"failed":[0-9]+/) { bad = substr($0, RSTART + 9, RLENGTH - 9) } END { printf "%-22s p50 %.3f ms  p99 %.3f ms  failed %d\n", name, p50, p99, bad }'
}
for _ in $(seq "${ROUNDS:-3}"); do
  for name in "$@"; do
    ask direct "$first"
    start_peer "$name"
    ask warm "$listen" >/dev/null
    ask "$name" "$listen"
    stop_peer
  done
done
