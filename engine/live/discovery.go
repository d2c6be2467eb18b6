package live

// Discovery is how servers are found that come and go.
type Discovery struct {
	Source   string `json:"source"`            // such as dns web.example.com
	Up       bool   `json:"up"`                // the last answer was a good one
	Problem  string `json:"problem,omitempty"` // with the last answer; the servers of before stay
	Servers  int    `json:"servers"`           // found by the last good answer
	Changes  uint64 `json:"changes"`           // lists that have been used
	Failures uint64 `json:"failures"`          // answers that were none, or empty
}
