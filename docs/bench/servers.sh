# Sourced: servers that answer at once, on 127.0.0.1:$first and the next $count-1 ports (an nginx), and what
# starts and ends a balancer in front of the first three, listening on $listen.
first=${FIRST:-29301} listen=${LISTEN:-28701} count=${count:-3}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
cat >"$work/nginx.conf" <<EOF
worker_processes 1; daemon off; pid $work/pid; error_log $work/error.log;
events { worker_connections 8192; }
http {
  access_log off; keepalive_requests 100000000;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server {
    $(for i in $(seq 0 $((count - 1))); do echo "listen 127.0.0.1:$((first + i));"; done)
    location / { default_type text/plain; return 200 '$(printf '%1000s' | tr ' ' x)'; }
    location /large { root $work; default_type text/plain; }
  }
}
EOF
head -c 100000 /dev/zero | tr '\0' x >"$work/large"
chmod 755 "$work" # its workers may be another user's
nginx -c "$work/nginx.conf" & servers=$!
peer=""
stop_peer() {
  [ -z "$peer" ] || { kill "$peer" 2>/dev/null; wait "$peer" 2>/dev/null; }
  peer=""
}
finish() {
  stop_peer
  kill "$servers" 2>/dev/null
  wait "$servers" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

# answers PORT waits until somebody answers there, and sets scheme to what is spoken.
answers() {
  for _ in $(seq 100); do
    for scheme in http https; do
      curl -kfsS -o /dev/null "$scheme://127.0.0.1:$1/" 2>/dev/null && return
    done
    sleep 0.1
  done
  echo "nothing answers on 127.0.0.1:$1" >&2
  exit 1
}

# start_peer NAME
start_peer() {
  "$here/peer.sh" "$1" "$first" "$listen" >"$work/peer.log" 2>&1 &
  peer=$!
  answers "$listen"
}
answers "$first"
