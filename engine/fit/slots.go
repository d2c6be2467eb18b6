package fit

// Discipline of a server's queue: what the lab knows, and that nothing queued which would tell.
type Discipline string

// The disciplines.
const (
	Slots   Discipline = "slots"
	Sharing Discipline = "sharing"
	Neither Discipline = "unknown"
)

// services are when each request of a flow was begun, how long it was served, and how fast time counted at its end, as a
// number c of slots or processors has it (0: without limit). Delay is what of the response time holds no slot.
type services struct {
	begun, took, rate []float64
}

func newServices(n int) services {
	return services{make([]float64, n), make([]float64, n), make([]float64, n)}
}

// slots is for first in, first out: a request is begun when it comes, or when the earliest of the c latest ends before
// it has freed a slot. A heap of c ends has that one on top.
func (f *flow) slots(c int, delay float64, to services) {
	heap := make([]float64, 0, c)
	for i, at := range f.start {
		end := f.end[i] - delay
		begun := at
		if c > 0 && len(heap) == c {
			begun = max(at, heap[0])
		}
		to.begun[i], to.took[i], to.rate[i] = begun, end-begun, 1
		switch {
		case len(heap) < c:
			heap = append(heap, end)
			rise(heap)
		case c > 0 && end > heap[0]:
			heap[0] = end
			sink(heap)
		}
	}
}

// rise moves the last up to its place.
func rise(heap []float64) {
	for i := len(heap) - 1; i > 0; {
		up := (i - 1) / 2
		if heap[up] <= heap[i] {
			return
		}
		heap[up], heap[i] = heap[i], heap[up]
		i = up
	}
}

// sink moves the first down to its place.
func sink(heap []float64) {
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(heap) {
			return
		}
		if down+1 < len(heap) && heap[down+1] < heap[down] {
			down++
		}
		if heap[i] <= heap[down] {
			return
		}
		heap[i], heap[down] = heap[down], heap[i]
		i = down
	}
}

// sharing is for c processors that all present share: a clock of work runs at min(1, c/n), and a service is what it
// showed at the end less what it showed at the beginning.
func (f *flow) sharing(c int, delay float64, to services) {
	clock, now, present, next := 0.0, 0.0, 0, 0
	rate := func() float64 {
		if c == 0 || present <= c {
			return 1
		}
		return float64(c) / float64(present)
	}
	wind := func(at float64) {
		if at > now {
			clock += (at - now) * rate()
			now = at
		}
	}
	for _, i := range f.byEnd {
		end := f.end[i] - delay
		for next < len(f.start) && f.start[next] <= end {
			wind(f.start[next])
			to.begun[next], to.took[next] = f.start[next], clock
			present++
			next++
		}
		if i >= next { // it ended before it came: stamps that contradict each other
			to.begun[i], to.took[i], to.rate[i] = f.start[i], 0, 1
			continue
		}
		wind(end)
		to.rate[i] = rate()
		to.took[i] = clock - to.took[i]
		present--
	}
}
