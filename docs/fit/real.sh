#!/usr/bin/env bash
# real.sh [PEER...]: holds slbtui fit against what really happens. Each balancer (docs/bench/peer.sh; by default two of
# HAProxy, two of nginx, three of ours) gets the same requests for SECONDS_EACH seconds (45) at each of RATES requests/s
# (104 139: loads of .6 and .8), in front of three simulated servers of 50, 75 and 100 ms with 4 slots. Then each log is
# fitted, and what it predicts is set beside what the balancer that has that policy really did. It prints a table in
# Markdown. Needs haproxy, nginx, curl and Go; takes SECONDS_EACH for each balancer and rate, up to TRIES times (3). OUT keeps the logs.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
first=${FIRST:-29401} listen=${LISTEN:-28801} seconds=${SECONDS_EACH:-45} rates=${RATES:-104 139}
slbtui=${SLBTUI:-slbtui} out=${OUT:-$(mktemp -d)}
peers=("$@")
[ $# -gt 0 ] || peers=(haproxy-roundrobin haproxy-leastconn nginx-rr nginx-least_conn slbtui-p2c slbtui-peak_ewma_full slbtui-q_factored)
mkdir -p "$out"
started=() peer=""
finish() {
  for pid in "${started[@]}" $peer; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap finish EXIT

i=0
for ms in 50 75 100; do
  "$slbtui" backends --id "server$((i + 1))" --port $((first + i)) --base-delay-ms "$ms" --workers 4 --sigma 0.3 >"$out/server$i.txt" 2>&1 &
  started+=($!) i=$((i + 1))
done

# answers PORT waits until somebody answers there.
answers() {
  for _ in $(seq 100); do
    curl -fsS -o /dev/null "http://127.0.0.1:$1/health" 2>/dev/null && return
    sleep 0.1
  done
  echo "nothing answers on 127.0.0.1:$1" >&2
  exit 1
}
for i in 0 1 2; do answers $((first + i)); done

# run NAME RATE runs a balancer once, and fits its log; false when the requests were sent late.
run() {
  local log=$out/$1-$2.log lag
  rm -f "$log"
  ACCESS_LOG=$log SLBTUI=$slbtui "$here/../bench/peer.sh" "$1" "$first" "$listen" >"$out/$1-$2.txt" 2>&1 &
  peer=$!
  answers "$listen"
  "$slbtui" load --url "http://127.0.0.1:$listen/" --rate "$2" --duration "${seconds}s" --seed 1 --json >"$out/$1-$2.load.json" 2>/dev/null
  kill "$peer" 2>/dev/null || true
  wait "$peer" 2>/dev/null || true
  peer=""
  lag=$(grep -o '"lag_p99_ms":[0-9.]*' "$out/$1-$2.load.json" | cut -d: -f2)
  "$slbtui" fit "$log" --json --seed 1 >"$out/$1-$2.fit.json"
  echo "$1 at $2/s: sent up to $lag ms late (p99)" >&2
  awk "BEGIN { exit !($lag <= 20) }"
}
# A machine that does other work, too, sends late: then a run says nothing of the balancer, and is repeated.
for rate in $rates; do
  for name in "${peers[@]}"; do
    for _ in $(seq "${TRIES:-3}"); do
      run "$name" "$rate" && break
    done
  done
done
cd "$here/../.." && go run ./docs/fit/errors "$out" "$seconds"
