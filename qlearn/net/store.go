package net

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

const (
	savedFormat  = "slbtui/network"
	savedVersion = 1
	maxLayers    = 8
	maxFileBytes = 64 << 20
	maxParameter = 1e9 // beyond it sums may overflow
)

// saved is the file of a network: plain JSON, every float64 exact.
type saved struct {
	Format  string       `json:"format"`
	Version int          `json:"version"`
	About   []string     `json:"about,omitempty"` // lines for people: where it comes from, what it reached
	Sizes   []int        `json:"sizes"`
	Layers  []savedLayer `json:"layers"`
}

type savedLayer struct {
	Weights []number `json:"weights"` // row by row: those of the first unit first
	Biases  []number `json:"biases"`
}

// number is a float64 that JSON's null does not pass for.
type number float64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return errors.New("null is not a number")
	}
	return json.Unmarshal(data, (*float64)(n))
}

// Write writes the network as JSON. about is lines for people. It fails on a parameter that Read would
// refuse.
func (n *Network) Write(w io.Writer, about ...string) error {
	file := saved{Format: savedFormat, Version: savedVersion, About: about, Sizes: n.sizes}
	for _, l := range n.layers {
		file.Layers = append(file.Layers, savedLayer{numbers(l.weights(n.params)), numbers(l.biases(n.params))})
	}
	if err := file.check(n.sizes); err != nil {
		return fmt.Errorf("writing a network: %w", err)
	}
	data, err := json.MarshalIndent(file, "", " ")
	if err == nil {
		_, err = w.Write(append(joinNumbers(data), '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing a network: %w", err)
	}
	return nil
}

// joinNumbers puts the numbers of a list on one line: a line each would hide all else.
func joinNumbers(data []byte) []byte {
	var b bytes.Buffer
	for i, line := range bytes.Split(data, []byte("\n")) {
		text := bytes.TrimSpace(line)
		isNumber := len(text) > 0 && (text[0] == '-' || text[0] >= '0' && text[0] <= '9')
		closes := len(text) > 0 && text[0] == ']' && b.Len() > 0 && isDigit(b.Bytes()[b.Len()-1])
		switch {
		case i == 0:
		case isNumber && bytes.HasSuffix(b.Bytes(), []byte("[")), closes:
			line = text
		case isNumber:
			b.WriteByte(' ')
			line = text
		default:
			b.WriteByte('\n')
		}
		b.Write(line)
	}
	return b.Bytes()
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func numbers(from []float64) []number {
	to := make([]number, len(from))
	for i, v := range from {
		to[i] = number(v)
	}
	return to
}

// Read reads what Write wrote, a network of exactly these sizes. Its error says what about the file is wrong.
func Read(r io.Reader, sizes ...int) (*Network, error) {
	n, err := read(r, sizes)
	if err != nil {
		return nil, fmt.Errorf("reading a network: %w", err)
	}
	return n, nil
}

func read(r io.Reader, sizes []int) (*Network, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFileBytes {
		return nil, fmt.Errorf("it is longer than %d bytes", maxFileBytes)
	}
	var file saved
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("not a network, or damaged: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("damaged: something follows the network")
	}
	if err := file.check(sizes); err != nil {
		return nil, err
	}
	n := zeros(sizes)
	for i, l := range n.layers {
		for j, v := range file.Layers[i].Weights {
			l.weights(n.params)[j] = float64(v)
		}
		for j, v := range file.Layers[i].Biases {
			l.biases(n.params)[j] = float64(v)
		}
	}
	return n, nil
}

// check tells what keeps the file from being a network of these sizes.
func (s saved) check(sizes []int) error {
	if s.Format != savedFormat || s.Version != savedVersion {
		return fmt.Errorf("format %q version %d, want %q version %d", s.Format, s.Version, savedFormat, savedVersion)
	}
	if len(sizes) < 2 || len(sizes) > maxLayers || slices.Min(sizes) < 1 {
		return fmt.Errorf("%v are no sizes of layers", sizes)
	}
	if !slices.Equal(s.Sizes, sizes) || len(s.Layers) != len(sizes)-1 {
		return fmt.Errorf("sizes %v in %d layers, want %v", s.Sizes, len(s.Layers), sizes)
	}
	for i, l := range s.Layers {
		if want := sizes[i] * sizes[i+1]; len(l.Weights) != want || len(l.Biases) != sizes[i+1] {
			return fmt.Errorf("layers[%d]: %d weights and %d biases, want %d and %d", i, len(l.Weights), len(l.Biases), want, sizes[i+1])
		}
		for _, list := range [][]number{l.Weights, l.Biases} {
			for j, v := range list {
				if !(math.Abs(float64(v)) <= maxParameter) { // also when it is NaN
					return fmt.Errorf("layers[%d]: parameter %d is %v, not within ±%g", i, j, float64(v), maxParameter)
				}
			}
		}
	}
	return nil
}
