package fast

import (
	"net/textproto"
	"strconv"

	"slbtui/routing/proxy"
	"slbtui/routing/wire"
)

// relayChunks passes on a chunked body, in chunks of our own: nobody but us reads a server's framing.
func (w *work) relayChunks(closes bool) end {
	if w.m == w.response.Size() {
		w.more()
	}
	if w.squeeze(); w.squeezed.err == nil && w.chunks.Done() {
		w.whole(w.squeezed.clean)
		return w.last(int64(len(w.squeezed.data)), closes)
	}
	return w.relaySqueezed(closes)
}

// squeeze adds to out what came of a chunked body with the head.
func (w *work) squeeze() {
	w.chunks = wire.Chunks{}
	data, n, err := w.chunks.Squeeze(w.up[w.response.Size():w.m])
	w.squeezed = squeezed{data: data, clean: w.response.Size()+n == w.m, err: err}
	if w.out = appendChunk(w.out, data); w.chunks.Done() {
		w.out = w.appendEnd(w.out)
	}
}

// squeezed is what came of a chunked body with the head.
type squeezed struct {
	data  []byte
	clean bool // the server has sent nothing behind it
	err   error
}

// relaySqueezed goes on behind squeeze, where more has to come.
func (w *work) relaySqueezed(closes bool) end {
	w.streams()
	err := w.squeezed.err
	if sent := w.toClient(w.out, len(w.squeezed.data)); sent != nil {
		err = sent
	}
	if err == nil {
		err = w.copyChunks()
	}
	return w.relayed(err, closes)
}

// copyChunks sends what follows.
func (w *work) copyChunks() error {
	buf := larges.Get().(*[]byte)
	defer larges.Put(buf)
	for {
		p := (*buf)[margin : margin+largeBuffer]
		n, err := w.wait(p)
		if err != nil {
			return err
		}
		data, used, malformed := w.chunks.Squeeze(p[:n])
		done := w.chunks.Done()
		if done {
			w.keep(used == n)
		}
		out := w.frame(*buf, data)
		if done {
			out = w.appendEnd(out)
		}
		if len(out) > 0 {
			if err := w.toClient(out, len(data)); err != nil {
				return err
			}
		}
		if done || malformed != nil {
			return malformed
		}
	}
}

// frame makes a chunk of data, which is a piece of buf, in its place.
func (w *work) frame(buf, data []byte) []byte {
	if len(data) == 0 {
		return nil
	}
	var line [margin]byte
	size := append(strconv.AppendInt(line[:0], int64(len(data)), 16), "\r\n"...)
	at := cap(buf) - cap(data) - len(size) // where it begins
	copy(buf[at:], size)
	return append(buf[at:at+len(size)+len(data)], "\r\n"...)
}

func appendChunk(to, data []byte) []byte {
	if len(data) == 0 {
		return to
	}
	to = append(strconv.AppendInt(to, int64(len(data)), 16), "\r\n"...)
	return append(append(to, data...), "\r\n"...)
}

func (w *work) appendEnd(to []byte) []byte {
	return w.chunks.AppendTrailer(to, func(name string) bool {
		return proxy.TrailerAllowed(textproto.CanonicalMIMEHeaderKey(name))
	})
}
