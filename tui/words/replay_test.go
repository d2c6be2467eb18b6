package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
)

func TestReplay(t *testing.T) {
	r := canned.Replayed().Replay
	require.Equal(t, "replay fit.jsonl x1.5 round 2 00:23/01:00", Replay(r))
	r.Round, r.Speed = 1, 1
	require.Equal(t, "replay fit.jsonl 00:23/01:00", Replay(r))
}
