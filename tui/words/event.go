package words

import "slbtui/engine/metrics"

// Kind is an event's kind in at most six letters.
func Kind(kind metrics.EventKind) string {
	switch kind {
	case metrics.EventWarning:
		return "WARN"
	case metrics.EventOperator:
		return "oper"
	case metrics.EventScenario:
		return "scene"
	}
	return string(kind)
}
