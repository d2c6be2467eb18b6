#!/usr/bin/env bash
# cpu.sh PEER...: CPU time per request of each balancer with CONNECTIONS (32) as busy as they can be, one balancer
# after another, ROUNDS times (3) for SECONDS_EACH seconds (6). LOAD is get (1 KB, the default), post (10 KB) or large
# (a response of 100 KB). Needs nginx, wrk, curl and the peers (peer.sh). Compare within one run only, on an otherwise
# idle machine.
set -u
. "$(dirname "$0")/servers.sh"

script=() path=
case ${LOAD:-get} in
get) ;;
large) path=large ;;
post)
  echo 'wrk.method = "POST"; wrk.body = string.rep("x", 10240)' >"$work/post.lua"
  script=(-s "$work/post.lua") ;;
*) echo "cpu.sh: no load $LOAD; there are get, post, large" >&2; exit 2 ;;
esac

# ask DURATION loads the balancer under test.
ask() { wrk -t1 -c"${CONNECTIONS:-32}" -d"$1" "${script[@]}" --latency "$scheme://127.0.0.1:$listen/$path"; }

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
    ask 1s >/dev/null
    before=$(ticks "$peer")
    ask "${SECONDS_EACH:-6}s" >"$work/wrk.txt"
    after=$(ticks "$peer")
    awk -v name="$name" -v ticks=$((after - before)) '
      /requests in/ { n = $1 } /Requests\/sec/ { rate = $2 } /50%/ { p50 = $2 } /99%/ { p99 = $2 } /Non-2xx/ { bad = $NF } /Socket errors/ { bad += $4 + $6 + $8 + $10 }
      END { printf "%-26s %6.1f us/request  %7.0f requests/s  p50 %8s  p99 %8s  errors %d\n", name, ticks * 10000 / n, rate, p50, p99, bad }' "$work/wrk.txt"
    stop_peer
  done
done
