package accesslog

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"slbtui/engine/printable"
	"slbtui/routing/proxy"
)

// mostOfAgent bounds what is kept of a User-Agent, in bytes: it is the client's to choose.
const mostOfAgent = 256

// appendLine appends the line of a request, a JSON object. It is put together by hand, for it is written within the
// request's time. A log is looked at on terminals, and clients choose what is in it: see appendText.
func appendLine(b []byte, x *proxy.Exchange) []byte {
	client, peer := x.Clients()
	b = x.Start.Add(x.Latency).AppendFormat(append(b, `{"time":"`...), time.RFC3339Nano)
	b = appendText(append(b, `","id":`...), x.ID)
	b = appendText(append(b, `,"client":`...), client)
	if peer != client {
		b = appendText(append(b, `,"peer":`...), peer)
	}
	b = appendText(append(b, `,"method":`...), x.Request.Method())
	b = appendText(append(b, `,"host":`...), x.Request.Host())
	b = appendText(append(b, `,"path":`...), x.Request.Path())
	b = appendText(append(b, `,"proto":`...), x.Request.Proto())
	if agents := x.Request.Values("User-Agent"); len(agents) > 0 && agents[0] != "" {
		b = appendText(append(b, `,"user_agent":`...), agents[0][:min(len(agents[0]), mostOfAgent)])
	}
	b = strconv.AppendInt(append(b, `,"status":`...), int64(x.Status), 10)
	b = strconv.AppendInt(append(b, `,"bytes":`...), x.Bytes, 10)
	b = appendMS(append(b, `,"duration_ms":`...), x.Latency)
	b = appendText(append(b, `,"upstream":`...), x.ServerID)
	b = strconv.AppendInt(append(b, `,"attempts":`...), int64(x.Attempts), 10)
	if x.Attempts > 0 {
		b = appendMS(append(b, `,"picked_ms":`...), x.Picked)
		b = strconv.AppendInt(append(b, `,"in_flight":`...), int64(x.InFlight), 10)
		if x.Header > 0 {
			b = appendMS(append(b, `,"header_ms":`...), x.Header)
		}
		b = appendMS(append(b, `,"upstream_ms":`...), x.Upstream)
	}
	b = appendMS(append(b, `,"client_wait_ms":`...), x.Waited)
	if x.Refusal != "" {
		b = appendText(append(b, `,"refusal":`...), x.Refusal)
	}
	b = appendText(append(b, `,"policy":`...), x.Policy)
	b = strconv.AppendBool(append(b, `,"cancelled":`...), x.Outcome.Cancelled)
	return append(b, "}\n"...)
}

// appendMS appends milliseconds, to the microsecond.
func appendMS(b []byte, d time.Duration) []byte {
	return strconv.AppendFloat(b, float64(d.Microseconds())/1000, 'f', -1, 64)
}

// appendText appends a JSON string that a terminal obeys nothing of.
func appendText(b []byte, s string) []byte {
	if strings.IndexFunc(s, unusual) < 0 {
		b = append(append(b, '"'), s...)
		return append(b, '"')
	}
	text, _ := json.Marshal(s) // any string can be
	return append(b, printable.JSON(text)...)
}

// unusual tells of what may not stand in a JSON string as it is, or on a terminal, or needs a look.
func unusual(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }
