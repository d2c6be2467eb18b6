package fit

import "time"

// Given is what somebody knows better than the log tells it. The zero value is nothing.
type Given struct {
	Routed     string         // who routed, by the name of a policy
	Patience   time.Duration  // of the clients
	Discipline Discipline     // Slots or Sharing
	Delay      *time.Duration // what of a response time holds no slot; nil: found out
}
