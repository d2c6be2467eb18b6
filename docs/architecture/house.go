package main

import (
	"fmt"
	"strings"
)

// house is the text of rooms.txt: floors from top to bottom, each with rooms side by side.
type house struct {
	floors [][]room
	arrows []arrow
}

// room is a group of packages. Within a room the compiler alone says who imports whom.
type room struct {
	name, about string
	boxes       []box
}

// box is a package and its purpose in a few words.
type box struct{ path, about string }

// arrow says that packages of one room may import those of another.
type arrow struct{ from, to string }

// read takes the text apart: "floor" begins a floor, "room NAME: about" a room, "  path: about" is a package of
// it, and "A -> B, C" are arrows.
func read(text string) (house, error) {
	var h house
	for i, line := range strings.Split(text, "\n") {
		wrong := func(why string) (house, error) { return house{}, fmt.Errorf("line %d: %s: %q", i+1, why, line) }
		floor := len(h.floors) - 1
		switch word, rest, _ := strings.Cut(strings.TrimSpace(line), " "); {
		case word == "" || strings.HasPrefix(word, "#"):
		case word == "floor":
			h.floors = append(h.floors, nil)
		case word == "room":
			name, about, ok := strings.Cut(rest, ": ")
			if !ok || floor < 0 {
				return wrong("want room NAME: about, on a floor")
			}
			h.floors[floor] = append(h.floors[floor], room{name: name, about: about})
		case strings.Contains(line, " -> "):
			from, targets, _ := strings.Cut(line, " -> ")
			for _, to := range strings.Split(targets, ", ") {
				h.arrows = append(h.arrows, arrow{from, to})
			}
		default:
			path, about, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok || floor < 0 || len(h.floors[floor]) == 0 {
				return wrong("want PACKAGE: about, in a room")
			}
			r := &h.floors[floor][len(h.floors[floor])-1]
			r.boxes = append(r.boxes, box{path, about})
		}
	}
	for _, a := range h.arrows {
		for _, name := range []string{a.from, a.to} {
			if h.find(name) == nil {
				return house{}, fmt.Errorf("an arrow names the room %q, which is not there", name)
			}
		}
	}
	return h, nil
}

// find returns the room of that name, or nil.
func (h *house) find(name string) *room {
	for _, rooms := range h.floors {
		for i := range rooms {
			if rooms[i].name == name {
				return &rooms[i]
			}
		}
	}
	return nil
}

// direct are the arrows that others do not imply: those to draw.
func (h *house) direct() []arrow {
	var out []arrow
	for _, a := range h.arrows {
		implied := false
		for _, b := range h.arrows {
			implied = implied || b.from == a.from && b.to != a.to && h.leads(b.to, a.to)
		}
		if !implied {
			out = append(out, a)
		}
	}
	return out
}

// leads tells whether arrows lead from one room to another. They make no circle: imports do not either.
func (h *house) leads(from, to string) bool {
	for _, a := range h.arrows {
		if a.from == from && (a.to == to || h.leads(a.to, to)) {
			return true
		}
	}
	return false
}
