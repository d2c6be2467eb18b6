package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"slbtui/backends/fault"
)

// Kind is a kind of command that operators can give: on the console's command line, and as JSON to the admin
// listener. One table (Kinds) serves both.
type Kind struct {
	Do      string // its name: what is to be done
	Does    string // the same in a line
	Changes bool   // the engine is other than it was after it
	Example Command

	preset   Command  // what the keys that are left out stand for
	required []string // keys that may not be left out: no value for them would be harmless
	of       reflect.Type
}

// Kinds are all there are, in the order in which they are listed.
func Kinds() []Kind {
	return []Kind{
		kind("policy", "let this policy route", SetPolicy{Name: "p2c"}, SetPolicy{}, "name"),
		kind("toggle", "switch between round robin and RL", ToggleRL{}, ToggleRL{}),
		kind("learner", "choose which learner RL is", SetLearner{Name: "q_factored"}, SetLearner{}, "name"),
		kind("param", "tune a learner", SetParam{"q_factored", "epsilon", 0.05}, SetParam{}, "learner", "param", "value"),
		kind("reset", "make a learner forget its table", ResetLearner{Name: "q_factored"}, ResetLearner{}, "name"),
		kind("shadow", "choose who learns while another policy routes", SetShadow{Learners: "auto"}, SetShadow{}, "learners"),
		kind("drain", `send a server no new requests; with "drain": false, send it some again`, DrainServer{"server1", true}, DrainServer{Drain: true}, "server"),
		kind("rate", "change the rate of the built-in load", SetRate{Rate: 50}, SetRate{}, "rate_per_second"),
		kind("pause", `pause the built-in load; with "paused": false, resume it`, SetPaused{true}, SetPaused{true}),
		kind("fault", "make a simulated server suffer, for a time or (0) until cleared", exampleFault, SetFault{}, "server", "fault"),
		kind("heal", "clear the faults of a simulated server, or of all", ClearFaults{Server: "server1"}, ClearFaults{}),
		kind("scenario", "play a scenario on simulated servers", PlayScenario{Name: "slow5x"}, PlayScenario{}, "name"),
		kind("stop_scenario", "end the scenario that is being played", StopScenario{}, StopScenario{}),
		beside(kind("whatif", "predict what each policy would do now", AskWhatIf{}, AskWhatIf{})),
		beside(kind("back", "predict what each policy would have made of the last minutes", AskLookBack{}, AskLookBack{})),
		beside(kind("export", "write the run summary so far", Export{}, Export{})),
	}
}

func kind(do, does string, example, preset Command, required ...string) Kind {
	return Kind{Do: do, Does: does, Changes: true, Example: example, preset: preset, required: required, of: reflect.TypeOf(preset)}
}

// beside is a kind that changes nothing: a file, or a prediction beside the run.
func beside(k Kind) Kind {
	k.Changes = false
	return k
}

var exampleFault = SetFault{Server: "server1", Fault: fault.Fault{Slow: 5}, For: 20 * time.Second}

// KindNamed finds a kind by its name.
func KindNamed(do string) (Kind, bool) {
	all := Kinds()
	if i := slices.IndexFunc(all, func(k Kind) bool { return k.Do == do }); i >= 0 {
		return all[i], true
	}
	return Kind{}, false
}

// KindOf is the kind of a command; none is that of a command that operators do not give.
func KindOf(cmd Command) (Kind, bool) {
	all := Kinds()
	if i := slices.IndexFunc(all, func(k Kind) bool { return k.of == reflect.TypeOf(cmd) }); i >= 0 {
		return all[i], true
	}
	return Kind{}, false
}

// Changes tells whether a command leaves the engine other than it was. What only this end of a link carries out
// does not.
func Changes(cmd Command) bool {
	if _, ok := cmd.(Watch); ok {
		return false
	}
	k, ok := KindOf(cmd)
	return !ok || k.Changes
}

// Read makes a command of a JSON object, and says in the words of its sender what is wrong with it.
func (k Kind) Read(body []byte) (Command, error) {
	into := reflect.New(k.of)
	into.Elem().Set(reflect.ValueOf(k.preset))
	if err := readObject(body, into.Interface()); err != nil {
		return nil, err
	}
	var given map[string]json.RawMessage
	_ = json.Unmarshal(body, &given) // it was an object just now
	for _, key := range k.required {
		if v, ok := given[key]; !ok || string(v) == "null" {
			return nil, fmt.Errorf("%q is missing", key)
		}
	}
	return into.Elem().Interface().(Command), nil
}

// readObject reads one JSON object of known keys.
func readObject(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("%q cannot be a %s", wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return errors.New("it is no object but " + wrong.Value)
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case err != nil:
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, more := d.Token(); !errors.Is(more, io.EOF) {
		return errors.New("something follows the object")
	}
	return nil
}

// Write is a command as JSON, as Read takes it.
func Write(cmd Command) (do string, body []byte, err error) {
	k, ok := KindOf(cmd)
	if !ok {
		return "", nil, fmt.Errorf("%T is no command that another process takes", cmd)
	}
	body, err = json.Marshal(cmd)
	return k.Do, body, err
}
