#!/usr/bin/env bash
# memory.sh: what `slbtui serve` holds in memory when idle, with 10,000 idle client connections, and with
# a hundred servers at 2,000 requests/s. Needs nginx, wrk, curl and Go; an open files limit of 20,000.
set -u
count=100
. "$(dirname "$0")/servers.sh"
ulimit -n "$(ulimit -Hn)"
go build -o "$work/idle" "$here/idle" || exit 1
slbtui=${SLBTUI:-slbtui}
rss() { awk '/VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$peer/status"; }

start_peer slbtui-q_factored
sleep 3
echo "idle: $(rss)"
"$work/idle" -address "127.0.0.1:$listen" -connections 10000 -for 4s >"$work/idle.txt" & client=$!
for _ in $(seq 300); do
  grep -q open "$work/idle.txt" && break
  sleep 0.1
done
sleep 1
echo "10,000 idle connections: $(rss)"
wait "$client"
stop_peer

upstreams=()
for i in $(seq 0 99); do upstreams+=(--upstream "127.0.0.1:$((first + i))"); done
"$slbtui" serve --listen "127.0.0.1:$listen" --policy q_factored --admin "127.0.0.1:$((listen + 1))" "${upstreams[@]}" >"$work/peer.log" 2>&1 &
peer=$!
answers "$listen"
"$slbtui" load --url "http://127.0.0.1:$listen/" --rate 2000 --duration 12s --seed 1 >"$work/load.txt" 2>&1 & client=$!
sleep 10
echo "100 servers, 2,000 requests/s: $(rss), goroutines $(curl -fsS "http://127.0.0.1:$((listen + 1))/metrics" | awk '/^go_goroutines/ { print $2 }')"
wait "$client"
