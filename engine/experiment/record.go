package experiment

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// Recorder writes a recording while an experiment runs: its methods fit an Observer. Its memory
// does not grow. Not safe for concurrent use, which an Observer does not need.
type Recorder struct {
	w   *bufio.Writer
	out *json.Encoder
}

// NewRecorder writes the head. Call Flush at the end.
func NewRecorder(w io.Writer, plan Plan) (*Recorder, error) {
	buffered := bufio.NewWriterSize(w, 64<<10)
	r := &Recorder{w: buffered, out: json.NewEncoder(buffered)}
	sc := recordScenario(plan.Scenario)
	if plan.Requests > 0 { // asked for by number: the traces may go on beyond the scenario's duration
		for repetition := range plan.Repetitions {
			trace, err := plan.trace(repetition)
			if err != nil {
				return nil, err
			}
			if n := len(trace); n > 0 {
				sc.Duration = max(sc.Duration, trace[n-1].Due+1)
			}
		}
	}
	return r, r.write(headLine{
		Is: "recording", Version: recordingVersion, Tool: "slbtui " + plan.Version,
		Scenario: sc, Policies: plan.Contestants(), Repetitions: plan.Repetitions,
	})
}

// Trace writes the requests of a repetition.
func (r *Recorder) Trace(repetition int, seed uint64, trace []simulate.Request) error {
	if err := r.write(repetitionLine{"repetition", repetition, seed}); err != nil {
		return err
	}
	for i, q := range trace {
		if err := r.write(newRequestLine(i+1, q)); err != nil {
			return err
		}
	}
	return r.Flush() // a killed run leaves all that is needed to repeat it
}

// Request writes what became of a request.
func (r *Recorder) Request(q report.Request) error { return r.write(newOutcomeLine(q)) }

// Flush hands on what is buffered.
func (r *Recorder) Flush() error {
	if err := r.w.Flush(); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	return nil
}

func (r *Recorder) write(line any) error {
	if err := r.out.Encode(line); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	return nil
}
