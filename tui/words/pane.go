package words

// Fleet is the pane that is there only where a balancer has replicas.
const Fleet = "fleet"

// Panes are what panes are called where somebody writes it, in the order of their numbers from 1 on.
func Panes() []string {
	return []string{"servers", "latency", "q-table", "learning", "events", "flow", Fleet}
}
