package http1

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

const chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

// theirs and ours read the body of the same response.
func readChunks(t testing.TB, wire string, ours bool) (body string, trailer http.Header, rest string, err error) {
	t.Helper()
	r := bufio.NewReader(iotest.OneByteReader(strings.NewReader(chunkedHead + wire)))
	res, err := http.ReadResponse(r, askedGet)
	require.NoError(t, err)
	src := res.Body
	if ours {
		src = &chunks{r: r, res: res}
	}
	b, err := io.ReadAll(src)
	left, _ := io.ReadAll(r)
	return string(b), res.Trailer, string(left), err
}

// net/http says what a chunk is; ours only doesn't wait for its end.
func FuzzChunks(f *testing.F) {
	for _, wire := range []string{
		"1\r\na\r\n0\r\n\r\n", "5;x=y\r\nhello\r\n00\r\nX-T: v\r\nX-U: w\r\n\r\nHTTP", "5 \r\nhello\r\n0\r\n\r\n", "5 ;x\r\nhello\r\n0\r\n\r\n",
		"5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n", "5\r\nhel", "", "\r\n", ";\r\n", "+5\r\nhello\r\n0\r\n\r\n", "-5\r\n", "0x5\r\nhello\r\n", "5\r\r\nhello\r\n",
		"0000000000000005\r\nhello\r\n0\r\n\r\n", "00000000000000005\r\nhello\r\n", "ffffffffffffffff\r\nx", "7fffffffffffffff\r\nx", "1_0\r\n", "0\r\n", "0\r\n\r", "0\r\nX\r\n\r\n",
		"0\r\n" + strings.Repeat("X: y\r\n", 1000) + "\r\n", "5;" + strings.Repeat("x", 5000) + "\r\nhello\r\n0\r\n\r\n",
		strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\na\r\n", 40) + "0\r\n\r\n", strings.Repeat("1\r\na\r\n", 5000) + "0\r\n\r\n",
	} {
		f.Add(wire)
	}
	f.Fuzz(func(t *testing.T, wire string) {
		wantBody, wantTrailer, wantRest, wantErr := readChunks(t, wire, false)
		gotBody, gotTrailer, gotRest, gotErr := readChunks(t, wire, true)
		require.Equal(t, wantErr == nil, gotErr == nil, "net/http: %v, ours: %v", wantErr, gotErr)
		if wantErr == nil {
			require.Equal(t, wantBody, gotBody)
			require.Equal(t, wantTrailer, gotTrailer)
			require.Equal(t, wantRest, gotRest)
		}
	})
}
