package tui

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// hostile changes what a balancer could say: texts of any length, numbers out of every range, lists of another
// length than they should have.
type hostile struct {
	*rand.Rand
	often float64
}

func (h hostile) change(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			if h.Float64() < h.often/10 {
				v.SetZero()
				return
			}
			h.change(v.Elem())
		}
	case reflect.Struct:
		if _, ok := v.Interface().(time.Time); ok {
			return
		}
		for i := range v.NumField() {
			h.change(v.Field(i))
		}
	case reflect.Slice:
		if h.Float64() < h.often && v.Len() > 0 {
			switch h.IntN(3) {
			case 0:
				v.Set(v.Slice(0, h.IntN(v.Len())))
			case 1:
				v.Set(reflect.AppendSlice(v.Slice3(0, v.Len(), v.Len()), v))
			default:
				v.SetZero()
			}
		}
		for i := range v.Len() {
			h.change(v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			h.change(v.Index(i))
		}
	case reflect.String:
		if h.Float64() < h.often {
			v.SetString([]string{"", strings.Repeat("日本", 500), v.String() + "é"}[h.IntN(3)])
		}
	case reflect.Int, reflect.Int64:
		if h.Float64() < h.often {
			v.SetInt([]int64{-1, 0, 1, math.MaxInt64, math.MinInt64, 1 << 31}[h.IntN(6)])
		}
	case reflect.Uint, reflect.Uint64:
		if h.Float64() < h.often {
			v.SetUint([]uint64{0, 1, math.MaxUint64}[h.IntN(3)])
		}
	case reflect.Float64:
		if h.Float64() < h.often {
			v.SetFloat([]float64{-1, 0, 1e308, -1e308, 5e-324, 1e18}[h.IntN(6)])
		}
	case reflect.Bool:
		if h.Float64() < h.often {
			v.SetBool(!v.Bool())
		}
	}
}

// Whatever a balancer that the console is attached to says: the console neither panics nor runs out of memory. Texts are
// made printable where they come in.
func TestAHostileBalancer(t *testing.T) {
	keys := allKeys()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		h := hostile{r, []float64{.002, .02, .3}[seed%3]}
		of := []*live.Snapshot{canned.Snapshot(3), canned.Predicted("done"), canned.LookedBack("done", "B")}[r.IntN(3)]
		if r.IntN(3) == 0 {
			of.Scenario = canned.Slow5x(23 * time.Second)
		}
		body, err := json.Marshal(of)
		require.NoError(t, err)
		snap := &live.Snapshot{}
		require.NoError(t, json.Unmarshal(body, snap))
		h.change(reflect.ValueOf(snap).Elem())
		snap.Link = &live.Link{Name: "http://127.0.0.1:9090", Fleet: []live.Member{{Name: "http://127.0.0.1:9090", Snap: snap}, {Name: "x"}}}
		size := [][2]int{{40, 10}, {80, 24}, {120, 40}, {200, 60}}[r.IntN(4)]
		m := console(snap, size[0], size[1], Options{})
		for range 40 {
			_, cmd := m.Update(press(keys[r.IntN(len(keys))]))
			run(m, cmd)
			m.Update(frameMsg{at: canned.Epoch.Add(time.Second), snap: snap})
			require.NotNil(t, m.screen())
		}
	}
}

// A balancer that says that 1e18 policies are to come does not take the console's memory.
func TestRowsToComeAreBounded(t *testing.T) {
	for _, total := range []int{math.MaxInt, math.MinInt} {
		s := canned.Predicted("running")
		s.WhatIf.Total = total
		m := console(s, 80, 24, Options{})
		m.Update(press("w"))
		require.NotNil(t, m.screen())
	}
}
