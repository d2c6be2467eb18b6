package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/engine"
	"slbtui/engine/admin"
	"slbtui/engine/config"
	"slbtui/engine/fit/fitreport"
	"slbtui/engine/live"
	"slbtui/engine/report"
	"slbtui/engine/summary"
)

// Programs of others read these names. A line that goes or changes breaks them: raise the version and
// say so in docs/serve.md. One that comes is news:
//
//	go test . -run Names -update

func TestSnapshotNames(t *testing.T) {
	e := showing{filled[live.Snapshot](t)}
	s, err := admin.Listen(config.Admin{Listen: "127.0.0.1:0"}, e)
	require.NoError(t, err)
	defer s.Close()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1/snapshot", nil))
	require.Equal(t, http.StatusOK, w.Code)
	golden.RequireEqual(t, namesIn(t, w.Body.Bytes()))
}

func TestLoadNames(t *testing.T) {
	data, err := json.Marshal(filled[loadOutput](t))
	require.NoError(t, err)
	golden.RequireEqual(t, namesIn(t, data))
}

// The files of a run and of a comparison have the same style of names.

func TestRunNames(t *testing.T) {
	data, err := json.Marshal(filled[summary.Run](t))
	require.NoError(t, err)
	golden.RequireEqual(t, namesIn(t, data))
}

func TestComparisonNames(t *testing.T) {
	data, err := json.Marshal(filled[report.Comparison](t))
	require.NoError(t, err)
	golden.RequireEqual(t, namesIn(t, data))
}

func TestFitNames(t *testing.T) {
	data, err := json.Marshal(filled[fitreport.Findings](t))
	require.NoError(t, err)
	golden.RequireEqual(t, namesIn(t, data))
}

// showing is an engine of which nothing is known but its snapshot.
type showing struct{ snapshot *live.Snapshot }

func (s showing) Snapshot() *live.Snapshot             { return s.snapshot }
func (showing) Do(context.Context, live.Command) error { return engine.ErrStopped }

// namesIn lists every name of a JSON object with the kind of its value: "servers[].in_flight number".
func namesIn(t *testing.T, data []byte) []byte {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(data, &v))
	names := map[string]bool{}
	var visit func(path string, v any)
	visit = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, v := range v {
				require.Regexp(t, `^([a-z][a-z0-9_]*|\*)$`, name, "below %q", path)
				visit(strings.TrimPrefix(path+"."+name, "."), v)
			}
		case []any:
			for _, v := range v {
				visit(path+"[]", v)
			}
		case nil:
			t.Errorf("%s is null: it was not filled", path)
		default:
			kind := map[reflect.Kind]string{reflect.Float64: "number", reflect.String: "string", reflect.Bool: "true or false"}
			names[fmt.Sprintf("%s %s", path, kind[reflect.TypeOf(v).Kind()])] = true
		}
	}
	visit("", v)
	return []byte(strings.Join(slices.Sorted(maps.Keys(names)), "\n") + "\n")
}

// filled returns a T in which nothing is missing: a field that is added appears in its JSON by itself.
func filled[T any](t *testing.T) *T {
	t.Helper()
	v := new(T)
	fill(t, reflect.ValueOf(v).Elem())
	return v
}

func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1, 0).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0))
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf("x")) // a configuration, whose names are those of its file
	case reflect.Map:
		item := reflect.New(v.Type().Elem()).Elem()
		fill(t, item)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("*"), item)
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.Tag.Get("json") == "-" {
				continue
			}
			if name := field.Tag.Get("json"); field.Type == reflect.TypeFor[time.Duration]() {
				require.Regexp(t, `_ns(,|$)`, name, "%s.%s is a duration", v.Type(), field.Name)
			}
			fill(t, v.Field(i))
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Float64:
		v.SetFloat(1)
	default:
		t.Fatalf("%s: fill does not know how", v.Type())
	}
}
