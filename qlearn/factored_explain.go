package qlearn

import "time"

// Explanation is one server's score taken apart: ScoreMS = CellMS·Speed + SocialMS + CensoredMS +
// FailMS for a known server. No field is ever NaN.
type Explanation struct {
	Server     int     `json:"server"`
	Level      int     `json:"level"`       // row of the table
	CellMS     float64 `json:"cell_ms"`     // what the table expects at this level; -1 when the server was never measured
	Speed      float64 `json:"speed"`       // factor on it, above 1 while the server is slower than its table
	SocialMS   float64 `json:"social_ms"`   // weighted delay imposed on the requests already there
	CensoredMS float64 `json:"censored_ms"` // added because the oldest request in flight is overdue
	FailMS     float64 `json:"fail_ms"`     // expected cost of failing
	ScoreMS    float64 `json:"score_ms"`    // the lowest among the available is chosen
	Known      bool    `json:"known"`       // measured at least once; an unknown server scores -1 + 1000 ms per request in flight
	Available  bool    `json:"available"`
}

// Explain returns the score of every server under these loads, by the code that Choose decides with.
func (f *Factored) Explain(now time.Duration, loads []ServerLoad) []Explanation {
	out := make([]Explanation, min(len(loads), len(f.servers)))
	for i := range out {
		s, b := f.score(i, now.Seconds(), &loads[i]), levelOf(loads[i].InFlight)
		out[i] = Explanation{
			Server: i, Level: b, CellMS: -1, Speed: f.servers[i].drift.speed(now.Seconds()),
			SocialMS: s.social, CensoredMS: s.censored, FailMS: s.fail, ScoreMS: s.total(), Known: f.servers[i].measured > 0, Available: loads[i].Available,
		}
		if out[i].Known {
			out[i].CellMS = f.servers[i].value[b].cell
		}
	}
	return out
}
