// Package lean has snapshots as they go to somebody who follows a run: without what they have already. It
// knows no HTTP and no command, and has no goroutine.
//
// What is left out is said by tags on the fields of live.Snapshot, so that a new field needs nothing here: one
// without a tag goes with every picture.
//
//	lean:"static"          left out for whoever has the same ETag; what it says is part of the ETag
//	lean:"shape"           part of the ETag, too, and never left out: with another one nothing of before fits
//	lean:"after=K,keep=N"  a list of at most N: of its items only those whose K is above that of the last one there
//	lean:"from=K,keep=N"   the same with the last two themselves, which may have changed; K counts them
//	lean:"seconds,keep=N"  a list of one value a second: those of the seconds that are new
//	lean:"with=P"          left out unless P is asked for; may stand before one of the above
//
// A list that has nothing new is empty, one that has been emptied is null.
package lean
