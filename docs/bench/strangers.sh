#!/usr/bin/env bash
# strangers.sh: what a few odd clients do to everybody else. Two balancers side by side, each in front of three
# simulated servers of its own, get the same requests for 30 s; one of them has the odd clients as well, in turn:
# an upload at 20 kB/s, and downloads of 10 s as one request in twenty. The means should not differ by 5 %.
# Needs curl and jq; the machine should have no other work, which the last column tells (lagging).
set -u
slbtui=${SLBTUI:-slbtui} rate=${RATE:-50} time=${DURATION:-30s}
work=$(mktemp -d)
started=()
stop() {
  kill "${started[@]}" 2>/dev/null
  wait "${started[@]}" 2>/dev/null
  started=()
}
trap 'stop; rm -rf "$work"' EXIT
balancer() { # FIRST LISTEN
  "$slbtui" backends --scenario steady60 --port "$1" --seed 1 >/dev/null 2>&1 & started+=($!)
  "$slbtui" serve --policy q_factored --listen "127.0.0.1:$2" --upstream "127.0.0.1:$1" --upstream "127.0.0.1:$(($1 + 1))" \
    --upstream "127.0.0.1:$(($1 + 2))" >/dev/null 2>&1 & started+=($!)
  for _ in $(seq 100); do
    curl -fsS -o /dev/null "http://127.0.0.1:$2/" 2>/dev/null && break
    sleep 0.1
  done
}
load() { # LISTEN FILE
  "$slbtui" load --url "http://127.0.0.1:$1/" --rate "$rate" --duration "$time" --seed 1 --json 2>/dev/null >"$2"
}
nobody() { :; }
upload() { head -c 600000 /dev/zero | curl -sS --limit-rate 20k -T - -o /dev/null "http://127.0.0.1:$1/" 2>/dev/null; }
downloads() {
  "$slbtui" load --url "http://127.0.0.1:$1/" --rate "$(jq -n "$rate/19")" --duration "$time" --seed 2 --timeout 1m --json \
    --header 'X-Service-Hold: 10000' --header 'X-Service-Whole: 1' >/dev/null 2>&1
}
for odd in nobody upload downloads; do
  balancer 29500 28850
  balancer 29510 28851
  load 28850 "$work/alone" & a=$!
  load 28851 "$work/beside" & b=$!
  "$odd" 28851 & o=$!
  wait $a $b
  kill $o 2>/dev/null
  wait $o 2>/dev/null
  jq -rs --arg odd "$odd" 'def one: (.latency.mean_ms*10|round/10|tostring) + " / " + (.latency.p99_ms|round|tostring);
    $odd + ": alone " + (.[0]|one) + "  beside them " + (.[1]|one) + "  mean "
    + ((.[1].latency.mean_ms/.[0].latency.mean_ms-1)*1000|round/10|tostring) + " %  failed " + (.[1].failed|tostring)
    + "  lagging " + (map(.lagging|tostring)|join(" "))' "$work/alone" "$work/beside"
  stop
done
