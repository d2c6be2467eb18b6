#!/usr/bin/env bash
# attach.sh SERVERS...: what a console that is attached costs a serve under RATE requests a second (1000), with as
# many servers: CPU of serve without and with it, alternating, ROUNDS times (3) for SECONDS_EACH seconds (15), and the
# bytes that go to it. Needs SLBTUI, tmux, ss and awk. Compare within one run only.
set -u
slbtui=${SLBTUI:-./slbtui} work=$(mktemp -d) session=slbtui-bench-$$
started=()
stop() {
  tmux kill-session -t "$session" 2>/dev/null
  [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null
  wait 2>/dev/null
  started=()
}
trap 'stop; rm -rf "$work"' EXIT

# ticks PID: CPU time of a process, in hundredths of a second
ticks() {
  set -- $(cut -d' ' -f14,15 "/proc/$1/stat")
  echo $(($1 + $2))
}
# sent: bytes that the admin listener has sent over the connections that are open
sent() { ss -tniH state established sport = :19390 | grep -o 'bytes_sent:[0-9]*' | awk -F: '{ n += $2 } END { print n + 0 }'; }

for servers in "$@"; do
  {
    echo 'load_balancer: {policy: q_factored}'
    echo 'servers:'
    for i in $(seq "$servers"); do echo "  - {id: server$i, port: $((21000 + i)), base_delay_ms: $((5 + i % 7)), workers: 64}"; done
  } >"$work/c.yaml"
  "$slbtui" backends --config "$work/c.yaml" >"$work/backends.txt" 2>&1 & started+=($!)
  sleep 1
  "$slbtui" serve --config "$work/c.yaml" --listen 127.0.0.1:19380 --admin 127.0.0.1:19390 >"$work/serve.txt" 2>&1 & serve=$!
  started+=("$serve")
  sleep 1
  "$slbtui" load --url http://127.0.0.1:19380/ --rate "${RATE:-1000}" --duration 30m >"$work/load.txt" 2>&1 & started+=($!)
  sleep "${SETTLE:-20}"
  for _ in $(seq "${ROUNDS:-3}"); do
    for watched in no yes; do
      bytes=0
      if [ $watched = yes ]; then
        tmux new-session -d -s "$session" -x 200 -y 60 "'$slbtui' attach --no-preferences http://127.0.0.1:19390"
        sleep 4
        bytes=$(sent)
      fi
      before=$(ticks "$serve") at=$(date +%s%N)
      sleep "${SECONDS_EACH:-15}"
      after=$(ticks "$serve") span=$(($(date +%s%N) - at))
      [ $watched = no ] || bytes=$(($(sent) - bytes))
      tmux kill-session -t "$session" 2>/dev/null
      awk -v n="$servers" -v w=$watched -v t=$((after - before)) -v s=$span -v b="$bytes" \
        'BEGIN { printf "%3d servers  attached %-3s  serve %5.1f %% of a core  %6.1f kB/s\n", n, w, t * 1e9 / s, b * 1e6 / s }'
    done
  done
  stop
done
