package logs

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"slbtui/engine/fit"
)

// envoy is Envoy's text as it comes, or JSON with the names of Istio: start_time, duration in ms, upstream_host.
// Where request_duration is there, too, the upstream was given the request after it.
var envoy = format{
	name: "envoy", resolution: time.Millisecond,
	advice: `json_format: {start_time: "%START_TIME%", duration: "%DURATION%", request_duration: "%REQUEST_DURATION%", upstream_host: "%UPSTREAM_HOST%",
              upstream_cluster: "%UPSTREAM_CLUSTER%", response_code: "%RESPONSE_CODE%", response_flags: "%RESPONSE_FLAGS%", attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"}`,
	parse: parseEnvoy,
}

func parseEnvoy(line []byte, to []entry) ([]entry, error) {
	var l struct {
		Start    string  `json:"start_time"`
		Duration number  `json:"duration"`
		Request  number  `json:"request_duration"`
		Host     *string `json:"upstream_host"`
		Cluster  string  `json:"upstream_cluster"`
		Code     number  `json:"response_code"`
		Flags    string  `json:"response_flags"`
		Attempts number  `json:"attempts"`
		Method   string  `json:"method"`
		Path     string  `json:"path"`
	}
	if len(line) > 0 && line[0] == '[' {
		return parseEnvoyText(line, to)
	}
	if err := object(line, &l); err != nil {
		return to, err
	}
	if l.Start == "" {
		return to, errOther
	}
	at, ok := iso([]byte(l.Start))
	took, fits := span(float64(l.Duration), time.Millisecond)
	asked, asksInTime := span(float64(l.Request), time.Millisecond)
	if !ok || !fits || !asksInTime || asked > took {
		return to, errors.New("start_time, duration or request_duration is no time")
	}
	e := entry{pool: []byte(l.Cluster), retried: l.Attempts > 1, upgraded: l.Code == 101, method: []byte(l.Method), path: []byte(l.Path), status: int64(l.Code)}
	if l.Host != nil && *l.Host != "-" {
		e.server = host([]byte(*l.Host))
	}
	e.Request = fit.Request{Start: at + asked, End: at + took + cutOff, Others: fit.Unknown, Outcome: envoyOutcome([]byte(l.Flags), int64(l.Code))}
	return append(to, e), nil
}

// envoyOutcome reads the response flags: DC is a client that has gone, UT an upstream that took too long, U with
// another letter one that failed.
func envoyOutcome(flags []byte, code int64) fit.Outcome {
	for len(flags) > 0 {
		var flag []byte
		flag, flags = before(flags, ',')
		switch string(flag) {
		case "DC", "UT", "SI", "DT":
			return fit.TimedOut
		case "UF", "UC", "UR":
			return fit.Failed
		}
	}
	return ended(code)
}

// number is one, or one in quotes; a dash, which Envoy writes for nothing, is 0.
type number float64

// UnmarshalJSON reads it.
func (n *number) UnmarshalJSON(b []byte) error {
	if s := string(b); s == `"-"` || s == `""` || s == "null" {
		*n = 0
		return nil
	}
	return json.Unmarshal([]byte(strings.Trim(string(b), `"`)), (*float64)(n))
}
