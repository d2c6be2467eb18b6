package flow

// places are the cells that dots are on.
type places struct {
	trunk    []bool
	rail     map[int]bool // rows
	branches [][]bool
}

// places says where the dots are. Those that stand still are as far apart as their line is thick, so that
// they do not jump when a rate changes a little.
func (d *Dots) places(p *Picture, g *geometry) *places {
	on := &places{trunk: make([]bool, g.before+g.after), rail: map[int]bool{}, branches: make([][]bool, len(p.Branches))}
	for i := range on.branches {
		on.branches[i] = make([]bool, g.branch)
	}
	if d.at == 0 {
		if p.Rate > 0 {
			still(on.trunk, 3)
		}
		for i, top := 0, p.top(); i < len(p.Branches); i++ {
			if p.Branches[i].State != Broken {
				still(on.branches[i], thickness(p.Branches[i].Rate, top))
			}
		}
		return on
	}
	for _, dot := range d.all {
		on.put(g, dot.branch, int(dot.way))
	}
	return on
}

func still(line []bool, thick int) {
	if thick == 0 {
		return
	}
	every := [4]int{0, 24, 12, 6}[thick]
	for x := every / 4; x < len(line); x += every {
		line[x] = true
	}
}

// put marks the cell so far along the way to a branch.
func (on *places) put(g *geometry, branch, way int) {
	trunk := g.before + g.after
	if way < trunk {
		on.trunk[way] = true
		return
	}
	if way -= trunk + hidden; way < 0 {
		return
	}
	if n := g.climb(branch); way < n {
		if g.rows[branch] < g.trunk {
			way = -way
		}
		on.rail[g.trunk+way] = true
		return
	} else if way -= n; way < len(on.branches[branch]) {
		on.branches[branch][way] = true
	}
}
