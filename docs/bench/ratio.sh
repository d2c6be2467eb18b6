#!/usr/bin/env bash
# ratio.sh PEER: of what cpu.sh printed, from standard input, for each balancer: the lowest and the median CPU time per
# request, the median over the rounds of what that is to PEER's in the same round, medians of p50 and p99 in ms, errors.
set -eu
: "${1:?the balancer that the others are compared with}"
awk -v peer="$1" '
  function ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000 }
  function median(of, name, n,   i, j, v, all) {
    for (i = 1; i <= n; i++) {
      v = of[name, i]
      for (j = i; j > 1 && all[j - 1] > v; j--) all[j] = all[j - 1]
      all[j] = v
    }
    return n % 2 ? all[(n + 1) / 2] : (all[n / 2] + all[n / 2 + 1]) / 2
  }
  {
    if (!($1 in rounds)) names[++count] = $1
    n = ++rounds[$1]
    cost[$1, n] = $2; p50[$1, n] = ms($7); p99[$1, n] = ms($9); errors[$1] += $11
    if (n == 1 || $2 < lowest[$1]) lowest[$1] = $2
  }
  END {
    for (i = 1; i <= count; i++) {
      name = names[i]
      for (n = 1; n <= rounds[name] && n <= rounds[peer]; n++) ratio[name, n] = cost[name, n] / cost[peer, n]
      printf "%-30s lowest %5.1f us  median %5.1f us  of %s %.2f  p50 %6.2f ms  p99 %6.2f ms  errors %d\n",
        name, lowest[name], median(cost, name, rounds[name]), peer, median(ratio, name, n - 1), median(p50, name, rounds[name]), median(p99, name, rounds[name]), errors[name]
    }
  }'
