package live

import "time"

// Link is how a picture of a running engine in another process came here.
type Link struct {
	Name string    // of the balancer: what the console was told to attach to
	At   time.Time // when it came
	Lost time.Time // since when nothing more comes; zero while all is well
	Why  string    // nothing more comes
	// ReadOnly says why nothing can be changed from here, such as that of a viewer's token; "" where it can.
	ReadOnly string
	// Fleet has all balancers that the console is attached to, in the order in which they were named.
	Fleet []Member
}

// Member is one of several balancers that a console is attached to.
type Member struct {
	Name string
	Lost time.Time // since when nothing more comes of it
	Why  string
	Snap *Snapshot // its latest, nil before the first
}
