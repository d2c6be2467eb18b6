package box

// Memo keeps what was last worked out, for as long as what it depends on stays the same. A new
// snapshot comes with every frame, but large tables and the closed seconds change only once a second.
type Memo[K comparable, V any] struct {
	key   K
	value V
	known bool
}

// Of returns the value for key, which it asks of make unless the last one was for the same key.
func (m *Memo[K, V]) Of(key K, make func() V) V {
	if !m.known || m.key != key {
		m.key, m.value, m.known = key, make(), true
	}
	return m.value
}
