package words

import (
	"fmt"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// Replay says what is being replayed and how far it is: "replay fit.jsonl 00:12/01:00", with the round from the second
// on, and the speed where it is another than was recorded.
func Replay(r *live.Replay) string {
	text := "replay " + format.Printable(r.Name)
	if speed := format.Finite(r.Speed); speed > 0 && speed != 1 {
		text += fmt.Sprintf(" x%.3g", speed)
	}
	if r.Round > 1 {
		text += fmt.Sprintf(" round %d", r.Round)
	}
	return text + " " + format.Clock(r.Elapsed) + "/" + format.Clock(r.Length)
}
