package dialog

import "slbtui/tui/theme"

// wordsOf is the group of the words of a pane.
func wordsOf(pane string) string { return "Words: " + pane }

// glossary says what is shown under a word of its own, pane by pane: the word on the screen, and what the field calls it.
func glossary(g *theme.Glyphs) []Entry {
	var all []Entry
	for _, pane := range []struct {
		title string
		words [][2]string
	}{
		{"Header", [][2]string{
			{"50" + g.Arrow + "48/s", "requests a second: wanted, answered"},
			{"err 2.1% s1", "share of the last 5 s that failed, and which server failed most"},
			{"machine too busy", "requests are sent too late (the generator lags): latencies are not to be trusted"},
			{"dropped", "requests that were due but not sent: too many were open"},
		}},
		{"Servers", [][2]string{
			{"UTIL", "share of its workers that is busy"},
			{"BUSY+WAIT", "requests a server works on, and those that wait there (in flight, queued)"},
			{"REQS", "the same as numbers: 8+3 is eight and three"},
			{"P95", "19 of 20 answers of the last 5 s were faster"},
			{"P95 1m", "the same over the time window; [ ] changes that"},
			{"SHARE", "how much of the traffic it got in the last 5 s"},
			{"SLOW", "far slower than it should be, or given up by clients"},
			{"worst first", "the order where there are more than 20; o chooses another"},
			{"DOWN EJECTED", "fails its health checks; failed several requests in a row"},
			{"reports:", "what the server says of its own health"},
		}},
		{"Latency", [][2]string{
			{"p50 p95 p99", "half, 95 and 99 of 100 answers were faster"},
			{string(g.Chart.Dotted) + " RR mean", "what round robin's mean was, while another policy routes"},
			{string(g.Chart.Heavy) + " shaded", "a server had a fault then"},
			{string(g.Chart.Rule) + " name", "who routes from there on"},
			{"warm", "had learned before it took over"},
			{"95%", "where the change of the mean lies in 95 of 100 such runs"},
			{"perhaps chance", "zero lies within that"},
		}},
		{"Q-table", [][2]string{
			{"Q", "reward to expect: -5.2 is 52 ms; with gamma, what follows too"},
			{"* [ ] >", "best server of a row, the last decision, its row"},
			{"? " + g.None, "a cell of fewer than 30 visits, of fewer than 5: not to be trusted"},
			{"(lo,md,hi)", "a state: each server's load in turn, low, medium or high"},
			{"learns along", "from the requests that another policy routes (in shadow)"},
			{"|" + g.Delta + "Q|", "how much the table still changes; it sinks as that settles"},
			{"46ms (-11)", "what a choice expected, and how much less than of the next best"},
			{"< > in titles", "columns beyond that edge: h l in the Q-table, elsewhere z"},
		}},
		{"Learning", [][2]string{
			{"epsilon " + g.Epsilon, "share of requests sent at random, to find out what has changed"},
			{"alpha " + g.Alpha, "how far one answer moves the table"},
			{"gamma " + g.Gamma, "how much what follows counts"},
			{"reward", "what the learner got: -ms/10, nearer to 0 is faster"},
			{"regret", "ms over each request's best server; a failure is 10 s"},
			{"agrees 67%", "how often it would have chosen the server that was chosen"},
			{"cost", "what this whole program takes of your machine"},
		}},
		{"Flow", [][2]string{
			{g.Pipe.Lines[3] + " " + g.Pipe.Lines[2] + " " + g.Pipe.Lines[1], "much traffic, less, little: compared with the server that gets most"},
			{g.Pipe.Lines[2] + g.Pipe.Lines[1] + g.Pipe.Lines[0] + g.Pipe.Head, "thins out: the server is slow, or has a fault"},
			{g.Pipe.Lines[1] + " " + g.Pipe.Broken, "broken: the server is down, ejected or drained"},
			{g.Pipe.Request + " 20 requests", "a dot on its way is a sample: one for so many requests"},
			{g.Pipe.Busy + g.Pipe.Vacant + " +2", "worker slots, busy and free, and requests that wait for one"},
			{"12 SLOW", "many servers stand together by their state; the selected one, the sick and the busiest alone"},
		}},
	} {
		for _, w := range pane.words {
			all = append(all, Entry{wordsOf(pane.title), w[0], w[1]})
		}
	}
	return all
}
