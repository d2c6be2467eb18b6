package cluster

import "time"

// stale is the age from which a message is dropped: a replica that was frozen gets all that was sent meanwhile.
const stale = 3 * time.Second

// ages tells old messages by the sender's stamps, though its clock is not ours. How far the two are apart is taken
// from the message that seems youngest: none came before it was sent. So that a clock that is set back is not
// held against its replica for ever, that is believed less and less, a tenth of the time that passes.
type ages struct {
	offset time.Duration // of the youngest message: here, less there
	at     time.Time     // when that was measured
}

// of is how old a message is that was stamped there and came now.
func (a *ages) of(stamp, now time.Time) time.Duration {
	gap := now.Sub(stamp)
	if !a.at.IsZero() {
		if trusted := a.offset + now.Sub(a.at)/10; trusted < gap {
			return gap - trusted
		}
	}
	a.offset, a.at = gap, now
	return 0
}
