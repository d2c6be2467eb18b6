# Part of peer.sh, which sources it: HAProxy, by $dir/haproxy.cfg, with slbtui steer beside it, as $steered says. Both
# end with the script.
socket=127.0.0.1:$((listen + 3000))
ask() { # COMMAND: what HAProxy's Runtime API answers
  { exec 3<>"/dev/tcp/127.0.0.1/$((listen + 3000))" && echo "$1" >&3 && cat <&3 && exec 3>&-; } 2>/dev/null || true
}
weights() { ask "show stat back 4 -1" | awk -F, '$1 == "back" { printf "%s ", $19 }'; }
until_weights() { # TEST: waits until the weights are, or are not (!=), those of the file; ten seconds at most
  local began
  began=$(date +%s%N)
  until [ "$(weights)" "$1" "100 100 100 " ]; do
    [ $(($(date +%s%N) - began)) -lt 10000000000 ] || break
    sleep 0.02
  done
  echo $((($(date +%s%N) - began) / 1000000))
}
steerer=
haproxy -W -db -f "$dir/haproxy.cfg" >/dev/null 2>&1 & proxy=$!
trap 'set +e; kill $steerer 2>/dev/null; wait $steerer; kill $proxy; wait; exit 0' TERM INT
for _ in $(seq 100); do [ -z "$(weights)" ] || break; sleep 0.1; done
by=()
[ "$steered" != agent ] || by=(--agent "127.0.0.1:$((listen + 2000))")
"${SLBTUI:-slbtui}" steer haproxy --syslog "$log_at" --socket "$socket" --backend back "${by[@]}" --apply --no-tui >"${STEER_LOG:-/dev/null}" 2>&1 & steerer=$!
case $steered in
killed)
  sleep 30 & wait $!
  kill -9 $steerer
  sleep 5 & wait $!
  echo "$name: killed; five seconds later weights are $(weights)" >&2
  ;;
reloaded)
  sleep 30 & wait $!
  before=$(weights)
  kill -USR2 $proxy
  until_weights = >/dev/null # the new process, as its file has it
  took=$(until_weights !=)
  echo "$name: reloaded; weights $(weights)(before: $before) $took ms after those of the file" >&2
  ;;
esac
wait $proxy
