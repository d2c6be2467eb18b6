package policy

// ledgerSpan is how many decisions later a completion is still accepted: at 10,000 requests a
// second, 26 seconds. A power of two; a bit each, 32 KB.
const ledgerSpan = 1 << 18

// tokenLedger remembers which decisions still await their outcome, so that a token teaches at
// most once however often it is completed. One that is never completed expires, ledgerSpan
// decisions later. The zero value is ready for use; it is not safe for concurrent use.
type tokenLedger struct {
	last uint64 // serial of the latest decision; it never goes back, so no serial is given out twice
	open [ledgerSpan / 64]uint64
}

// issue returns the serial of a new decision, 1 or more.
func (l *tokenLedger) issue() uint64 {
	l.last++
	l.open[l.last%ledgerSpan/64] |= 1 << (l.last % 64)
	return l.last
}

// settle tells whether the decision awaits its outcome, and from then on it doesn't.
func (l *tokenLedger) settle(serial uint64) bool {
	if serial > l.last || l.last-serial >= ledgerSpan {
		return false
	}
	word, bit := &l.open[serial%ledgerSpan/64], uint64(1)<<(serial%64)
	awaited := *word&bit != 0
	*word &^= bit
	return awaited
}

// forget settles all that is open.
func (l *tokenLedger) forget() { clear(l.open[:]) }
