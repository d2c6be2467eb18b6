package theme

// The colours of servers, which say nothing but which one it is: none is that of a state or of the focus.
var (
	onDark    = []string{"#00AFAF", "#D7875F", "#D787FF", "#FFD7D7", "#875FD7", "#AF5F87"}
	onLight   = []string{"#AF5F00", "#005F5F", "#AF00D7", "#5F0087", "#AF005F", "#875FAF"}
	ofSixteen = []string{"6", "5"}
)

// Server is the ink of the i-th server, counted from 0, in every pane. There are only so many: they repeat, so the id stands beside it.
func (t *Theme) Server(i int) Ink { return t.servers[max(i, 0)%len(t.servers)] }

// ServersApart is how many servers have an ink of their own.
func (t *Theme) ServersApart() int { return len(t.servers) }

// ServerGround is Server as the colour of a background.
func (t *Theme) ServerGround(i int) Ink { return t.grounds[max(i, 0)%len(t.grounds)] }

// BorderGround is the ink of frames as the colour of a background.
func (t *Theme) BorderGround() Ink { return t.borderGround }

// Fill is what the n-th of areas that lie on each other is filled with where colours don't tell them apart,
// otherwise 0.
func (t *Theme) Fill(n int) rune {
	if !t.textured {
		return 0
	}
	return []rune(t.Glyphs.Shades[Shades-1-n%Shades])[0]
}

func grounds(cs []string) []Ink {
	inks := make([]Ink, len(cs))
	for i, c := range cs {
		inks[i] = background(c)
	}
	return inks
}

func colours(cs []string) []Ink {
	inks := make([]Ink, len(cs))
	for i, c := range cs {
		inks[i] = colour(c)
	}
	return inks
}
