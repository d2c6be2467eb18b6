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

func colours(cs []string) []Ink {
	inks := make([]Ink, len(cs))
	for i, c := range cs {
		inks[i] = colour(c)
	}
	return inks
}
