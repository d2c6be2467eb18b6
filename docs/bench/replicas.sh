#!/usr/bin/env bash
# replicas.sh: three balancers with a cluster, as processes on this machine, under RATE requests a second (167) each,
# while two of them are killed, frozen, restarted, upgraded, robbed of their store and cut off. Fails unless the third
# answers every request, and all three want the same in the end. The cut is made between network namespaces; where
# there may be none it says so, and leaves it out. Needs SLBTUI, curl, jq and openssl.
set -euo pipefail
slbtui=${SLBTUI:-./slbtui} work=$(mktemp -d) net=slb$$ bridge=10.199.7
declare -A pid
others=()
stop() {
  for p in "${pid[@]}" "${others[@]}"; do kill -CONT "$p" 2>/dev/null; kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  for i in 1 2 3; do ip netns del "$net-$i" 2>/dev/null; done
  ip link del "$net" 2>/dev/null
  rm -rf "$work"
}
trap 'stop || true' EXIT
say() { printf '%6.1f s  %s\n' "$(bc_seconds)" "$*"; }
began=$(date +%s%N)
bc_seconds() { awk -v t=$(($(date +%s%N) - began)) 'BEGIN { print t / 1e9 }'; }
fail() { say "FAILED: $*"; for i in 1 2 3; do echo "-- replica $i"; tail -15 "$work/serve$i.txt"; done; exit 1; }

# Each replica has a namespace of its own where there may be some.
if ip link add "$net" type bridge 2>/dev/null && ip addr add $bridge.254/24 dev "$net" && ip link set "$net" up; then
  spaces=yes
  for i in 1 2 3; do
    ip netns add "$net-$i"
    ip link add "$net$i" type veth peer name eth0 netns "$net-$i"
    ip link set "$net$i" master "$net" up
    ip -n "$net-$i" addr add $bridge.$i/24 dev eth0
    ip -n "$net-$i" link set eth0 up
    ip -n "$net-$i" link set lo up
  done
else
  spaces=no
fi
inside() { if [ $spaces = yes ]; then ip netns exec "$net-$1" "${@:2}"; else "${@:2}"; fi; }
host() { if [ $spaces = yes ]; then echo $bridge."$1"; else echo 127.0.0.1; fi; }

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=authority -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null
for i in 1 2 3; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=replica$i" -keyout "$work/$i.key" -out "$work/$i.csr" 2>/dev/null
  printf 'subjectAltName=IP:%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$(host $i)" >"$work/$i.ext"
  openssl x509 -req -in "$work/$i.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 1 -extfile "$work/$i.ext" -out "$work/$i.pem" 2>/dev/null
  cat >"$work/$i.yaml" <<YAML
load_balancer: {policy: least_request}
servers:
  - {id: a, url: http://$(host 254):21001}
  - {id: b, url: http://$(host 254):21002}
  - {id: c, url: http://$(host 254):21003}
cluster:
  name: replica$i
  listen: $(host $i):622$i
  peers: [$(host 1):6221, $(host 2):6222, $(host 3):6223]
  store: $work/store$i
  tls: {cert_file: $work/$i.pem, key_file: $work/$i.key, ca_file: $work/ca.pem}
YAML
done
cat >"$work/backends.yaml" <<YAML
servers:
  - {id: a, host: $(host 254), port: 21001, base_delay_ms: 5, workers: 64}
  - {id: b, host: $(host 254), port: 21002, base_delay_ms: 7, workers: 64}
  - {id: c, host: $(host 254), port: 21003, base_delay_ms: 10, workers: 64}
YAML
"$slbtui" backends --config "$work/backends.yaml" >"$work/backends.txt" 2>&1 & others+=($!)

start() {
  local where=()
  [ $spaces = no ] || where=(ip netns exec "$net-$1")
  "${where[@]}" "$slbtui" serve --config "$work/$1.yaml" --listen "$(host "$1"):1938$1" --admin 127.0.0.1:1939$1 >>"$work/serve$1.txt" 2>&1 &
  pid[$1]=$!
}
admin() { inside "$1" curl -sS -m 5 -H 'Content-Type: application/json' "${@:3}" "http://127.0.0.1:1939$1$2"; }
# state REPLICA: what it is made to do
state() { admin "$1" /snapshot 2>/dev/null | jq -c '[.policy, .shadow, [.servers[] | select(.state == "DRAINING").id]]' 2>/dev/null || echo none; }
connected() { [ "$(admin "$1" /snapshot 2>/dev/null | jq .fleet.connected 2>/dev/null)" = true ]; }
# order REPLICA JSON: gives a command, and says how it was answered
order() { say "ordered at replica $1: $2: $(admin "$1" /command -d "$2")"; }
# until WHAT COMMAND...: waits for it, and says for how long
until_() {
  local what=$1 at; at=$(date +%s%N); shift
  for _ in $(seq 400); do
    if "$@"; then say "$what after $((($(date +%s%N) - at) / 1000000)) ms"; return; fi
    sleep 0.1
  done
  fail "$what: not within 40 s; $(state 1) $(state 2) $(state 3)"
}
is() { local want=$1 i; shift; for i in "$@"; do [ "$(state "$i")" = "$want" ] || return 1; done; }
# loses REPLICA TEXT: it has said so since it was started
loses() { grep -q "$2" "$work/serve$1.txt"; }

for i in 1 2 3; do start $i; done
for i in 1 2 3; do until_ "replica $i is connected" connected $i; done
for i in 1 2 3; do
  "$slbtui" load --url "http://$(host $i):1938$i/" --rate "${RATE:-167}" --duration 30m --json >"$work/load$i.json" 2>"$work/load$i.txt" & load[i]=$!
  others+=($!)
done
sleep 3

order 1 '{"do": "policy", "name": "p2c"}'
until_ "all have it" is '["p2c","auto",[]]' 1 2 3
say "replica 1 is killed"; kill -9 "${pid[1]}"
order 2 '{"do": "drain", "server": "c"}'
until_ "the others have it" is '["p2c","auto",["c"]]' 2 3
start 1
until_ "replica 1 is back and has it" is '["p2c","auto",["c"]]' 1
until_ "replica 1 is connected" connected 1
say "replica 2 is frozen for ten seconds"; kill -STOP "${pid[2]}"
order 3 '{"do": "shadow", "learners": "none"}'
sleep 10
kill -CONT "${pid[2]}"
until_ "all have it" is '["p2c","none",["c"]]' 1 2 3
for i in 1 2; do
  say "replica $i is upgraded"; kill "${pid[$i]}"; wait "${pid[$i]}" || fail "replica $i did not end well"
  order 3 "{\"do\": \"drain\", \"server\": \"c\", \"drain\": false}"
  start $i
  until_ "it has all" is '["p2c","none",[]]' $i
  until_ "replica $i is connected" connected $i
done
say "replica 1 loses its store"; kill "${pid[1]}"; wait "${pid[1]}" || true
rm -rf "$work/store1"
start 1
until_ "the others have what it lost" is '["p2c","none",[]]' 1
until_ "replica 1 is connected" connected 1
if [ $spaces = yes ]; then
  say "replica 1 is cut off"; ip link set "${net}1" down
  order 2 '{"do": "policy", "name": "random"}'
  cut() { [ "$(admin 1 /snapshot | jq .fleet.connected)" = false ]; }
  until_ "it knows" cut
  order 1 '{"do": "drain", "server": "a"}'
  until_ "it holds there" is '["p2c","none",["a"]]' 1
  until_ "the others go on" is '["random","none",[]]' 2 3
  ip link set "${net}1" up
  until_ "it does as the majority" is '["random","none",[]]' 1 2 3
  until_ "it says what is lost" loses 1 'lost: drain server=a'
else
  say "NOT TRIED: no network namespaces here, so nobody was cut off"
fi
order 3 '{"do": "policy", "name": "p2c"}'
until_ "all have it" is '["p2c","none",[]]' 1 2 3
sleep 2
for i in 1 2 3; do kill -INT "${load[i]}"; wait "${load[i]}" || true; done
for i in 1 2 3; do say "replica $i: $(jq -c '{sent, completed, failed, dropped, p99_ms: (.latency.p99_ms // .p99_ms)}' "$work/load$i.json")"; done
[ "$(jq .failed "$work/load3.json")" = 0 ] || fail "requests failed at replica 3, which nobody touched"
echo "all good"
