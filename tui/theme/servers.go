package theme

// The colours of servers, which say nothing but which one it is: none is that of a state or of the focus.
var (
	onDark    = []string{"#CC79A7", "#3DBFA4", "#D9A25F", "#8F9BFF", "#B5C95A", "#C7B8E0"}
	onLight   = []string{"#8E2F7F", "#00685A", "#7A4A00", "#4440B8", "#55600A", "#6B5580"}
	ofSixteen = []string{"5", "6"}
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
