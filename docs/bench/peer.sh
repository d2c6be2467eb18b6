#!/usr/bin/env bash
# peer.sh NAME FIRST LISTEN: runs one balancer in the foreground, on 127.0.0.1:LISTEN, in front of three
# servers on FIRST to FIRST+2. NAME is slbtui-POLICY, haproxy-BALANCE, nginx-METHOD (rr, least_conn) or
# caddy-LB_POLICY; the others as Debian packages them. With -remedies behind their names they have what
# their own manuals offer against a server that fails at once. SLBTUI names our binary; ACCESS_LOG a file for
# a log as slbtui fit reads it. A front, or a number of threads, may stand behind ours and HAProxy's first word
# (slbtui.stream-POLICY, haproxy.1-BALANCE), and -tls behind any name, for clients over TLS.
# A haproxy-BALANCE with -steered, -agent, -killed or -reloaded has slbtui steer beside it: by its socket, by agent checks,
# by the socket until it is killed (kill -9) after 30 s, or by the socket while HAProxy is reloaded after 30 s, with the
# time until its weights are back on stderr.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1 first=$2 listen=$3
kind=${name%%-*} how=${name#*-} remedies= tls=
steered= log_at=
case $kind-$how in haproxy*-*-steered | haproxy*-*-agent | haproxy*-*-killed | haproxy*-*-reloaded)
  steered=${how##*-} how=${how%-*} log_at=127.0.0.1:$((listen + 1000)) ;;
esac
dir=$(mktemp -d)
[ "$how" = "${how%-tls}" ] || {
  how=${how%-tls} tls=$dir/both.pem
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
  cat "$dir/cert.pem" "$dir/key.pem" >"$tls"
}
[ "$how" = "${how%-remedies}" ] || { how=${how%-remedies} remedies=yes; }
option=${kind#*.} kind=${kind%%.*}
[ "$option" != "$kind" ] || option=
servers=(127.0.0.1:"$first" 127.0.0.1:$((first + 1)) 127.0.0.1:$((first + 2)))
case $kind in
slbtui)
  {
    echo "load_balancer:"
    echo "  front: ${option:-auto}"
    [ -z "$tls" ] || echo "  tls: {cert_file: $dir/cert.pem, key_file: $dir/key.pem}"
  } >"$dir/slbtui.yaml"
  exec "${SLBTUI:-slbtui}" serve --config "$dir/slbtui.yaml" --listen 127.0.0.1:"$listen" --policy "$how" ${ACCESS_LOG:+--access-log="$ACCESS_LOG"} "${servers[@]/#/--upstream=}" ;;
haproxy)
  # A POST must not be sent twice, so it is not tried again; its errors are what marks a server down. Those
  # of requests that are tried again elsewhere do not count for observe (2.6).
  tries="  option redispatch 1
  retries 2
  retry-on conn-failure 500
  http-request disable-l7-retry if METH_POST
  default-server observe layer7 error-limit 3 on-error mark-down"
  cat >"$dir/haproxy.cfg" <<EOF
global
  nbthread ${option:-2}
  maxconn 8000
${ACCESS_LOG:+  log stdout format raw local0}
${steered:+  log $log_at local0
  stats socket ipv4@127.0.0.1:$((listen + 3000)) level admin}
defaults
  mode http
${ACCESS_LOG:+  log global
  option httplog}
${steered:+  log global
  option httplog}
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:$listen ${tls:+ssl crt $tls alpn http/1.1}
  default_backend back
backend back
  balance $how
  option httpchk GET /health
${remedies:+$tries}
$(for s in "${servers[@]}"; do
    agent=
    [ "$steered" != agent ] || agent="agent-check agent-inter 1s agent-addr 127.0.0.1 agent-port $((listen + 2000)) agent-send s${s##*:}\\n"
    echo "  server s${s##*:} $s check inter 1s weight 100 $agent"
  done)
EOF
  if [ -n "$steered" ]; then . "$here/steered.sh"; fi
  [ -z "${ACCESS_LOG:-}" ] || exec >"$ACCESS_LOG"
  exec haproxy -db -f "$dir/haproxy.cfg" ;;
nginx)
  [ "$how" = rr ] && method="" || method="$how;"
  log=off timed=
  if [ -n "${ACCESS_LOG:-}" ]; then
    log="$ACCESS_LOG timed"
    timed='log_format timed '"'"'$remote_addr [$time_local] "$request" $status $body_bytes_sent msec=$msec rt=$request_time ua="$upstream_addr" us="$upstream_status" urt="$upstream_response_time"'"';"
  fi
  next="proxy_next_upstream error timeout http_500;" # one failure is 10 s out (max_fails, fail_timeout), by default
  cat >"$dir/nginx.conf" <<EOF
worker_processes 2; daemon off; pid $dir/pid; error_log $dir/error.log;
events { worker_connections 8192; }
http {
  $timed
  access_log $log; keepalive_requests 100000000;
  client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
  upstream back { zone back 64k; $method $(printf 'server %s; ' "${servers[@]}") keepalive 256; keepalive_requests 100000000; }
  server { listen 127.0.0.1:$listen ${tls:+ssl} backlog=4096; ${tls:+ssl_certificate $dir/cert.pem; ssl_certificate_key $dir/key.pem;} location / { proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; ${remedies:+$next} } }
}
EOF
  exec nginx -c "$dir/nginx.conf" -p "$dir" ;;
caddy)
  passive="  fail_duration 10s
  max_fails 3
  unhealthy_status 500" # a response that has come is passed on: Caddy tries again only what got none
  cat >"$dir/Caddyfile" <<EOF
{
 admin off
 auto_https off
}
http${tls:+s}://127.0.0.1:$listen {
 ${tls:+tls $dir/cert.pem $dir/key.pem}
${ACCESS_LOG:+ log {
  output file $ACCESS_LOG
 \}}
 reverse_proxy ${servers[*]} {
  lb_policy $how
  health_uri /health
  health_interval 1s
  header_down X-Upstream {http.reverse_proxy.upstream.hostport}
${remedies:+$passive}
 }
}
EOF
  XDG_DATA_HOME=$dir XDG_CONFIG_HOME=$dir exec caddy run --config "$dir/Caddyfile" --adapter caddyfile ;;
*) echo "peer.sh: no balancer $name; there are slbtui-POLICY, haproxy-BALANCE, nginx-METHOD, caddy-LB_POLICY, and -remedies" >&2; exit 2 ;;
esac
