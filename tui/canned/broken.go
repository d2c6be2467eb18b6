package canned

import (
	"math"
	"strings"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/qlearn"
)

// Broken is a snapshot full of what should never be there.
func Broken() *live.Snapshot {
	s := Snapshot(3)
	nan, inf := math.NaN(), math.Inf(1)
	s.Now = metrics.Summary{MeanMS: nan, P95MS: inf, SuccessRate: nan, Requests: 1}
	s.Load.Rate, s.Load.Served, s.Cost.CPU = nan, -inf, 1e300
	s.Servers[0].ID, s.Servers[0].State = "", "日本語の長い名前"
	s.Servers[1].Share, s.Servers[1].Utilisation, s.Servers[1].Window.P95MS = nan, inf, 1e300
	s.Servers[2].ID = "a\x1b[31m\nserver with a very long name and a line break"
	for i := range s.Seconds {
		s.Seconds[i].P50MS, s.Seconds[i].P95MS, s.Seconds[i].P99MS = nan, inf, -1e308
		s.Seconds[i].Servers = s.Seconds[i].Servers[:i%3]
	}
	l := &s.Learners[0]
	l.Table.Rows[0].Q[0], l.Table.Rows[1].Q, l.Table.Rows[2].Label = nan, nil, "\t(日本)\n"
	l.Table.LastServer, l.Table.States, l.Stats.DeltaQ = 99, -1, inf
	l.Params[0].Value, l.Params[1].Max, l.Params[1].Min = nan, inf, -inf
	for i := range l.Rewards {
		l.Rewards[i] = []float64{nan, inf, -inf, 1e308, -1e308}[i%5]
	}
	s.Phases[0].Summary.MeanMS = nan
	for i := range l.Decisions {
		d := &l.Decisions[i]
		d.Chosen, d.Routed = []int{0, 1, -1, 99}[i%4], 99-i*10
		d.State = "\t(日本)\n"
		d.Servers[0] = qlearn.Explanation{Level: -9, CellMS: inf, Speed: nan, SocialMS: -inf, ScoreMS: nan, Known: true, Available: i%2 == 0}
	}
	s.Scenario = &live.Scenario{Name: "\t(日本)\n", Elapsed: -time.Hour, Steps: []live.ScenarioStep{{At: -1, For: 1 << 62, What: "\n", State: "on"}, {State: "due"}, {}}}
	back := LookedBack("done", "\t(日本)\n").LookBack
	back.Horizon, back.Rate, back.Past.Requests, back.Past.Routed = -1, nan, -5, []string{"\x1b[2J", ""}
	back.Past.Was = live.WhatIfOutcome{MeanMS: nan, P99MS: inf, ErrorRate: nan}
	for i := range back.Rows {
		v := []float64{nan, inf, -inf, 1e308}[i%4]
		back.Rows[i].Versus = live.WhatIfVersus{Mean: live.Range{-v, v}, P99: live.Range{v, nan}}
	}
	s.LookBack = back
	s.Replay = &live.Replay{Name: "\x1b[2J日本\n" + strings.Repeat("x", 200), Elapsed: -1, Length: 0, Round: -3, Speed: nan}
	s.Versus = &metrics.Difference{From: 1, To: 2, Batches: 99, LowMS: nan, HighMS: inf}
	s.Regret = &live.Regret{Seconds: []float64{nan, inf, -1e308}, NowMS: nan, PhaseMS: inf}
	s.Events[6].Text, s.Events[5].At = "line\nbreak\x1b[2J and\ttab", -time.Hour
	return s
}
