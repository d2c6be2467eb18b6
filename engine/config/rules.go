package config

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"slbtui/qlearn/factored"
	"slbtui/routing"
	"slbtui/routing/policy"
)

// rule says what a value must be. One table serves wrong types and values out of range alike, so
// that every error tells what is allowed: `70000 is not a port (0-65535)`.
type rule struct {
	is      string // "a port"
	allowed string // "0-65535"
	ok      func(v any) bool
}

// rules returns the rule of every key, "[]" standing for any index and "mine" for any policy of one's own.
func rules() map[string]rule {
	port, host := between("a port", 0, 65535), text("a host", "a name or an IP address", isHost)
	discount := rule{"a discount factor", "0 to below 1", func(v any) bool { return v.(float64) >= 0 && v.(float64) < 1 }}
	share, timeout := between("a share", 0.0, 1), rule{
		"a duration", "above 0, with a unit, such as 2s or 500ms", func(v any) bool { return v.(time.Duration) > 0 },
	}
	timeoutOrNone := rule{"a duration", "0s or more, with a unit, such as 2s or 500ms", func(v any) bool { return v.(time.Duration) >= 0 }}
	path := text("a path", `"" or beginning with /`, func(s string) bool { return s == "" || strings.HasPrefix(s, "/") })
	zone := text("a zone", `"", or at most 64 letters, digits, . _ -`, policy.IsZone)
	ms := between("a time in ms", 0.0, 1e9)
	level := between("a number of requests", 0.0, 1e6)
	all := map[string]rule{
		"servers[].id":            text("an id", "1 to 64 letters, digits, . _ - : [ ]", regexp.MustCompile(`^[A-Za-z0-9._:\[\]-]{1,64}$`).MatchString),
		"servers[].url":           text("a URL of a server", "http:// or https://, a host, and a path at most; or unix:/path of a socket", func(s string) bool { return s == "" || isServerURL(s) }),
		"servers[].host":          host,
		"servers[].port":          port,
		"servers[].base_delay_ms": above("a mean service time in ms", 0.0, 60000),
		"servers[].workers":       between("a number of workers", 1, 10000),
		"servers[].sigma":         between("a spread", 0.0, 3),
		"servers[].weight":        above("a weight", 0.0, 1e6),
		"servers[].zone":          zone,

		"load_balancer.host":            text("a host", "a name, an IP address, or unix:/path of a socket", func(s string) bool { return isHost(s) || isSocket(s) }),
		"load_balancer.port":            port,
		"load_balancer.policy":          oneOf("a policy", policy.Names()),
		"load_balancer.learner":         oneOf("a learner", policy.LearnerNames()),
		"load_balancer.shadow":          text("a list of learners", "auto, all, none, or names of "+strings.Join(policy.LearnerNames(), ", "), isShadow),
		"load_balancer.front":           oneOf("a front", []string{string(FrontAuto), string(FrontLoop), string(FrontStream), string(FrontLibrary)}),
		"load_balancer.balancers":       between("a number of balancers", 1, factored.MaxBalancers),
		"load_balancer.zone":            zone,
		"load_balancer.health_path":     path,
		"load_balancer.connect_timeout": timeout,
		"load_balancer.connection_age":  timeoutOrNone,
		"load_balancer.request_timeout": timeout,
		"load_balancer.total_timeout":   timeoutOrNone,
		"load_balancer.idle_timeout":    timeoutOrNone,
		"load_balancer.drain_delay":     timeoutOrNone,
		"load_balancer.drain_timeout":   timeout,

		"metrics.polling_interval_seconds": between("an interval in seconds", 0.05, 3600),

		"outlier.consecutive_failures": between("a number of failures", 0, 1000),
		"outlier.failure_share":        share,
		"outlier.min_requests":         between("a number of requests", 1, 1000000),
		"outlier.base_ejection":        timeout,
		"outlier.max_ejection":         timeout,
		"outlier.max_ejected_share":    share,
		"outlier.panic_threshold":      share,

		"retry.max_attempts":      between("a number of attempts", 1, 100),
		"retry.on":                text("a list of failures", "connect, reset, timeout, 5xx, or \"\"", isRetryOn),
		"retry.budget_share":      share,
		"retry.budget_per_second": between("a rate in retries per second", 0.0, 100000),
		"retry.backoff":           timeoutOrNone,
		"retry.max_body":          between("a size in bytes", 0, 16<<20),

		"limits.max_in_flight":            between("a number of requests", 0, 1000000),
		"limits.max_in_flight_per_server": between("a number of requests", 0, 1000000),
		"limits.queue":                    between("a number of requests", 0, 1000000),
		"limits.queue_timeout":            timeoutOrNone,

		"slow_start.window": timeoutOrNone,

		"traffic.target_url":       text("a URL", `"" or http:// or https:// and a host`, func(s string) bool { return s == "" || isURL(s) }),
		"traffic.request_rate":     between("a rate in requests per second", 0.0, 100000),
		"traffic.duration_seconds": between("a duration in seconds", 0.0, 365*24*3600),
		"traffic.arrivals":         oneOf("an arrival process", []string{"poisson", "constant"}),
		"traffic.max_in_flight":    between("a number of requests", 1, 100000),
		"traffic.timeout":          timeout,

		"q_learning.learning_rate":        above("a learning rate", 0.0, 1),
		"q_learning.discount_factor":      discount,
		"q_learning.exploration_rate":     share,
		"q_learning.exploration_decay":    above("a decay", 0.0, 1),
		"q_learning.min_exploration_rate": share,
		"q_learning.episode_requests":     between("a number of requests", 1, 1000000),

		"state_encoding.cpu_thresholds.low":                 between("a percentage", 0.0, 100),
		"state_encoding.cpu_thresholds.medium":              between("a percentage", 0.0, 100),
		"state_encoding.active_requests_thresholds.low":     level,
		"state_encoding.active_requests_thresholds.medium":  level,
		"state_encoding.response_time_thresholds_ms.low":    ms,
		"state_encoding.response_time_thresholds_ms.medium": ms,

		"reward.failure_penalty": {"a penalty", "below 0, at least -1000000000", func(v any) bool { return v.(float64) < 0 && v.(float64) >= -1e9 }},
		"reward.min_latency_ms":  ms,
		"reward.max_latency_ms":  ms,
		"reward.scale":           above("a scale", 0.0, 1e9),

		"q_factored.min_learning_rate": above("a learning rate", 0.0, 1),
		"q_factored.social_weight":     share,
		"q_factored.exploration_rate":  share,
		"q_factored.objective":         oneOf("an objective", []string{string(factored.Tail), string(factored.Mean)}),
		"q_factored.streams":           oneOf("what streams are", []string{string(factored.Free), string(factored.Busy)}),

		"q_network.exploration_rate": share,
		"q_network.weights":          text("a file", `a path, or ""`, func(string) bool { return true }),

		"dqn.learning_rate":        above("a step size", 0.0, 0.1),
		"dqn.discount_factor":      discount,
		"dqn.exploration_rate":     share,
		"dqn.exploration_decay":    above("a decay", 0.0, 1),
		"dqn.min_exploration_rate": share,
		"dqn.episode_requests":     between("a number of requests", 1, 1000000),

		"policies.mine.score": scoreRule(),

		"export.dir": text("a folder", "not empty", func(s string) bool { return s != "" }),
	}
	maps.Copy(all, edgeRules())
	maps.Copy(all, healthRules())
	maps.Copy(all, discoveryRules())
	maps.Copy(all, clusterRules())
	return all
}

// The comparisons are written so that NaN, which compares with nothing, fails them.

func between[T int | float64](is string, lo, hi T) rule {
	return rule{is, plain(lo) + "-" + plain(hi), func(v any) bool { return v.(T) >= lo && v.(T) <= hi }}
}

func above[T int | float64](is string, lo, hi T) rule {
	return rule{is, "above " + plain(lo) + ", at most " + plain(hi), func(v any) bool { return v.(T) > lo && v.(T) <= hi }}
}

// plain writes a limit without an exponent.
func plain[T int | float64](limit T) string {
	return strconv.FormatFloat(float64(limit), 'f', -1, 64)
}

func oneOf(is string, names []string) rule {
	return text(is, strings.Join(names, ", "), func(s string) bool { return slices.Contains(names, s) })
}

// text adds to ok what holds for every text: it can be shown on a screen and written to YAML.
func text(is, allowed string, ok func(string) bool) rule {
	return rule{is, allowed, func(v any) bool {
		s := reflect.ValueOf(v).String() // which may have a type of its own
		return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 && ok(s)
	}}
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})$`)

func isHost(s string) bool { return net.ParseIP(s) != nil || hostName.MatchString(s) }

// IsZone tells whether a text is the name of a zone, or "" for none.
func IsZone(s string) bool { return policy.IsZone(s) }

func isURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || !isHost(u.Hostname()) {
		return false
	}
	port := u.Port()
	n, err := strconv.Atoi(port)
	return port == "" || (err == nil && n >= 1 && n <= 65535)
}

func isRetryOn(s string) bool {
	_, err := routing.ParseRetryOn(s)
	return err == nil
}

// isServerURL leaves out what would be lost when requests are sent there: query and fragment.
func isServerURL(s string) bool { return isSocket(s) || isURL(s) && !strings.ContainsAny(s, "?#") }

// shown is a value as the user would write it, but for passwords: errors end up in logs.
func shown(v any) string {
	if t := reflect.ValueOf(v); t.Kind() == reflect.String {
		v = t.String() // which may have a type of its own
	}
	switch v := v.(type) {
	case string:
		if user, _, ok := strings.Cut(v, "@"); ok && strings.Contains(user, ":") {
			v = HidePassword(v)
		}
		return fmt.Sprintf("%.60q", v)
	default:
		return fmt.Sprint(v)
	}
}

// HidePassword is a URL, or an address, without the user and password in it, however malformed it is.
func HidePassword(url string) string {
	begin := 0
	if i := strings.Index(url, "://"); i >= 0 {
		begin = i + len("://")
	}
	end := strings.LastIndexByte(url, '@')
	if end < begin {
		return url
	}
	return url[:begin] + "..." + url[end:]
}
