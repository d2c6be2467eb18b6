package tui

import (
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

var frameSizes = []struct{ w, h, n int }{{80, 24, 3}, {120, 40, 3}, {200, 60, 3}, {200, 60, 12}, {200, 60, 100}}

// lively is the run of snapshot(n) so many eighths of a second later: everything that is measured has
// changed a little, and with every second the charts move on.
func lively(n, frame int) *live.Snapshot {
	s := canned.Snapshot(n)
	passed := frame / 8
	s.Seq += uint64(frame)
	s.At += time.Duration(frame) * time.Second / 8
	s.Now.P95MS += 9 * canned.Wave(frame, 11)
	s.Load.Served += canned.Wave(frame, 7)
	for i := range s.Seconds {
		s.Seconds[i] = canned.Second(i+1+passed, n)
	}
	for i := range s.Servers {
		v := &s.Servers[i]
		v.InFlight = max(0, v.InFlight+int(3*canned.Wave(frame+i, 5)))
		v.Utilisation = 0.5 + 0.4*canned.Wave(frame+3*i, 13)
		v.Window.P95MS += 12 * canned.Wave(passed+i, 9)
		v.Requests += uint64(2 * frame)
	}
	for i := range s.Learners {
		l := &s.Learners[i]
		l.Table.Updates += uint64(6 * frame)
		l.Table.LastRow = frame % len(l.Table.Rows)
		l.Table.LastServer = frame % n
		for r := range l.Table.Rows {
			row := &l.Table.Rows[r]
			row.Q[frame%n] += 0.3 * canned.Wave(frame+r, 6)
			row.Visits[frame%n] += uint64(frame)
		}
		for d := range l.Decisions {
			l.Decisions[d] = canned.Decision(l.Table.Kind, frame+d, n, l.Routing)
			l.Decisions[d].At += time.Duration(frame) * time.Second / 8
		}
		for k := range l.Rewards {
			l.Rewards[k] += canned.Wave(k+passed, 9)
		}
	}
	return s
}

// lives are snapshots of ten seconds of a run.
func lives(n int) []*live.Snapshot {
	var out []*live.Snapshot
	for i := range 80 {
		out = append(out, lively(n, i))
	}
	return out
}

// frameAt is when the i-th frame is drawn: what moves by itself does so.
func frameAt(i int) time.Time { return canned.Epoch.Add(time.Duration(i) * time.Second / defaultFPS) }

// BenchmarkFrame is what drawing a frame costs before the terminal sees it.
func BenchmarkFrame(b *testing.B) {
	for _, size := range frameSizes {
		b.Run(fmt.Sprintf("%dx%d/%dservers", size.w, size.h, size.n), func(b *testing.B) {
			snaps := lives(size.n)
			m := console(snaps[0], size.w, size.h, Options{})
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				i++
				m.Update(frameMsg{at: frameAt(i), snap: snaps[i%len(snaps)]}) // another snapshot: every pane is drawn anew
				_ = m.View()
			}
		})
	}
	b.Run("200x60/unchanged", func(b *testing.B) {
		m := console(canned.Snapshot(3), 200, 60, Options{})
		b.ReportAllocs()
		for b.Loop() {
			_ = m.View()
		}
	})
}

// counter counts what a terminal would get, and says when a frame has come.
type counter struct {
	bytes atomic.Int64
	wrote chan struct{}
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes.Add(int64(len(p)))
	select {
	case c.wrote <- struct{}{}:
	default:
	}
	return len(p), nil
}

// BenchmarkOutput is what a live frame sends to the terminal, by Bubble Tea's own renderer. Its time is
// that of the renderer's clock, 120 frames a second at the most.
func BenchmarkOutput(b *testing.B) {
	for _, size := range frameSizes {
		b.Run(fmt.Sprintf("%dx%d/%dservers", size.w, size.h, size.n), func(b *testing.B) {
			snaps := lives(size.n)
			still := &still{New(&canned.Engine{Snap: snaps[0]}, Options{})}
			keyboard, hold := io.Pipe()
			out := &counter{wrote: make(chan struct{}, 1)}
			p := tea.NewProgram(still, tea.WithInput(keyboard), tea.WithOutput(out), tea.WithWindowSize(size.w, size.h), tea.WithoutSignalHandler(), tea.WithColorProfile(colorprofile.TrueColor), tea.WithFPS(120))
			done := make(chan error, 1)
			go func() { _, err := p.Run(); done <- err }()
			<-out.wrote
			p.Send(frameMsg{at: canned.Epoch, snap: snaps[0]})
			<-out.wrote
			out.bytes.Store(0)
			i := 0
			for b.Loop() {
				i++
				p.Send(frameMsg{at: frameAt(i), snap: snaps[i%len(snaps)]})
				<-out.wrote
			}
			b.ReportMetric(float64(out.bytes.Load())/float64(b.N), "bytes/frame")
			p.Quit()
			require.NoError(b, <-done)
			require.NoError(b, hold.Close())
		})
	}
}

// still is a console that shows only the frames it is sent.
type still struct{ *Model }

func (s *still) Init() tea.Cmd { return nil }

func (s *still) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	s.Model.Update(msg)
	return s, nil
}
