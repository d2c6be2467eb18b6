package words

// Kind is an event's kind in at most six letters.
func Kind(kind string) string {
	switch kind {
	case "warning":
		return "WARN"
	case "scenario":
		return "scene"
	}
	return kind
}
