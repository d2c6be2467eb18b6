#!/usr/bin/env bash
# quality.sh SCENARIO PEER...: what clients see through each balancer, all side by side for a minute,
# each in front of three simulated servers of its own (50, 75 and 100 ms, four workers) with the
# scenario's faults: steady60, slow5x or blackhole. Open loop, the same requests for everyone; latencies
# are those of requests that succeeded. Needs the peers (peer.sh), on an otherwise idle machine.
set -u
here=$(cd "$(dirname "$0")" && pwd)
slbtui=${SLBTUI:-slbtui} scenario=$1
shift
case $scenario in
steady60) rate=104 ;; slow5x) rate=86.7 ;; blackhole) rate=69.3 ;;
*) echo "quality.sh: no scenario $scenario; there are steady60, slow5x, blackhole" >&2; exit 2 ;;
esac
one() { # NAME FIRST LISTEN
  "$slbtui" backends --scenario "$scenario" --port "$2" --seed 1 --duration 80s >/dev/null 2>&1 & servers=$!
  "$here/peer.sh" "$1" "$2" "$3" >/dev/null 2>>"${ERRORS:-/dev/null}" & peer=$!
  for _ in $(seq 100); do
    curl -fsS -o /dev/null "http://127.0.0.1:$3/" 2>/dev/null && break
    sleep 0.1
  done
  "$slbtui" load --url "http://127.0.0.1:$3/" --rate "$rate" --duration "${DURATION:-60s}" --seed 1 --json 2>/dev/null |
    jq -r --arg name "$1" '[$name, (.latency.mean_ms*10|round/10), (.latency.p99_ms|round), (1e4*.failed/.completed|round/100), .lagging] | "\(.[0]): mean \(.[1]) ms  p99 \(.[2]) ms  errors \(.[3]) %  lagging \(.[4])"'
  kill $peer $servers 2>/dev/null
  wait $peer $servers 2>/dev/null
}
echo "== $scenario, $rate requests/s"
i=0
for name in "$@"; do
  one "$name" $((29400 + 10 * i)) $((28800 + i)) &
  i=$((i + 1))
done
wait
