// Package wire reads and writes HTTP/1.1 as bytes: heads of requests and responses, and chunked bodies, without
// a map, a string or an allocation. It takes a strict subset, in which no two readers differ, and repairs
// nothing. Whatever else comes is Odd, and is net/http's to read or to refuse: what this package takes, net/http
// takes with the same meaning, which fuzz tests hold. It knows no connection and no clock.
package wire

// Verdict is what the bytes of a message are taken for.
type Verdict uint8

// The verdicts.
const (
	More  Verdict = iota // the beginning of a head: more of it has to come
	Plain                // a whole head, of the kind that is read here
	Odd                  // something for net/http
)

// maxFields bounds the header lines of a head.
const maxFields = 64

// field is a header line, by offsets into the head.
type field struct {
	name, colon     uint16 // the name is between them
	value, valueEnd uint16 // without blanks around
	kind            kind
}

// kind is what a header line is to a proxy.
type kind uint8

const (
	kindPlain          kind = iota // nothing: it is passed on
	kindOdd                        // a reason to leave the message to net/http
	kindDropped                    // of one connection only
	kindHost                       //
	kindLength                     // Content-Length
	kindConnection                 //
	kindForwarded                  //
	kindForwardedFor               //
	kindForwardedProto             //
	kindForwardedHost              //
	kindForwardedOther             // another one that only proxies may set
	kindVia                        //
	kindRequestID                  //
	kindEncoding                   // Transfer-Encoding, in a response
	kindServedBy                   //
	kindDate                       //
	kindType                       // Content-Type
	numKinds
)
