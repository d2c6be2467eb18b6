package qlearn

// Explanation is one server's score taken apart: ScoreMS = CellMS·Speed + HopeMS + SocialMS + CensoredMS +
// FailMS + RefusedMS + ProbationMS for a known server. No field is ever NaN.
type Explanation struct {
	Server      int     `json:"server"`
	Level       int     `json:"level"`        // row of the table
	CellMS      float64 `json:"cell_ms"`      // what the table expects at this level; -1 when the server was never measured
	Speed       float64 `json:"speed"`        // factor on it, above 1 while the server is slower than its table
	SocialMS    float64 `json:"social_ms"`    // weighted delay imposed on the requests already there
	CensoredMS  float64 `json:"censored_ms"`  // added because the oldest request in flight is overdue
	FailMS      float64 `json:"fail_ms"`      // expected cost of failing
	HopeMS      float64 `json:"hope_ms"`      // 0 or less: the benefit of the doubt that a little known server gets
	RefusedMS   float64 `json:"refused_ms"`   // cost of what it refuses and others do not
	ProbationMS float64 `json:"probation_ms"` // added to a server that came back, until it has answered
	Others      int     `json:"others"`       // of the requests in flight that Level stands for, those of other balancers
	ScoreMS     float64 `json:"score_ms"`     // the lowest among the available is chosen
	Known       bool    `json:"known"`        // measured at least once; an unknown server scores -1 + 1000 ms per request in flight
	Available   bool    `json:"available"`    // it could be chosen: available and, where candidates are drawn, one of them

	Features []Feature `json:"features,omitempty"` // what a network read of it, where one decides
}

// Feature is one number that a network decides by.
type Feature struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}
