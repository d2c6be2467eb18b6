package steer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

const (
	maxDatagram = 64 << 10
	readBuffer  = 1 << 20 // of the kernel: a burst while the machine is busy
	lookAgain   = 100 * time.Millisecond
	maxBehind   = 16 << 20 // bytes of a file: what is older is no longer worth reading
	maxFileLine = 64 << 10
)

// Source is where the lines of a log come from. Run hands over one at a time until ctx ends; a line is valid during
// the call.
type Source interface {
	// String is its name for people.
	String() string
	Run(ctx context.Context, line func([]byte)) error
}

// syslogSource takes HAProxy's "log ADDRESS local0": a datagram a line.
type syslogSource struct{ conn *net.UDPConn }

// ListenSyslog opens a UDP address, HOST:PORT, for HAProxy's log.
func ListenSyslog(address string) (Source, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return nil, fmt.Errorf("%.200q is no address for a log (want HOST:PORT, such as 127.0.0.1:5140)", address)
	}
	to, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for the log: %w", err)
	}
	conn, err := net.ListenUDP("udp", to)
	if err != nil {
		return nil, fmt.Errorf("listen for the log: %w", err)
	}
	_ = conn.SetReadBuffer(readBuffer) // as much of it as the system gives
	return &syslogSource{conn}, nil
}

func (s *syslogSource) String() string { return s.conn.LocalAddr().String() }

func (s *syslogSource) Run(ctx context.Context, line func([]byte)) error {
	stop := context.AfterFunc(ctx, func() { _ = s.conn.Close() })
	defer stop()
	buffer := make([]byte, maxDatagram)
	for {
		n, _, err := s.conn.ReadFromUDPAddrPort(buffer)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("read the log at %s: %w", s, err)
		case err == nil:
			line(bytes.TrimRight(buffer[:n], "\r\n\x00"))
		}
	}
}

// fileSource follows a file that grows, as tail -F does: from its end, and from the beginning of the next after it has
// been turned.
type fileSource struct {
	path string
	file *os.File
	info os.FileInfo
	at   int64 // up to which it is read
	rest []byte
}

// FollowFile opens a log that is being written.
func FollowFile(path string) (Source, error) {
	s := &fileSource{path: path}
	if err := s.open(io.SeekEnd); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *fileSource) String() string { return s.path }

func (s *fileSource) open(whence int) error {
	f, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("follow the log: %w", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file that grows", s.path)
	}
	at := int64(0)
	if err == nil && whence == io.SeekEnd {
		at, err = f.Seek(0, whence)
	}
	if err != nil {
		_ = f.Close() // only read from
		return fmt.Errorf("follow the log: %w", err)
	}
	if s.file != nil {
		_ = s.file.Close()
	}
	s.file, s.info, s.at, s.rest = f, info, at, s.rest[:0]
	return nil
}

func (s *fileSource) Run(ctx context.Context, line func([]byte)) error {
	defer func() { _ = s.file.Close() }()
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	buffer := make([]byte, maxFileLine)
	for {
		if err := s.read(ctx, buffer, line); err != nil {
			return err
		}
		select {
		case <-ticker.C:
			s.turned()
		case <-ctx.Done():
			return nil
		}
	}
}

// read takes all lines that are there by now.
func (s *fileSource) read(ctx context.Context, buffer []byte, line func([]byte)) error {
	if info, err := s.file.Stat(); err == nil {
		if info.Size() < s.at { // it was emptied, and goes on
			s.at, s.rest = 0, s.rest[:0]
		}
		if info.Size()-s.at > maxBehind {
			s.at, s.rest = info.Size()-maxBehind, s.rest[:0]
		}
	}
	for ctx.Err() == nil {
		n, err := s.file.ReadAt(buffer, s.at)
		s.at += int64(n)
		s.lines(buffer[:n], line)
		if err != nil && err != io.EOF {
			return fmt.Errorf("follow the log: %w", err)
		}
		if n == 0 || err == io.EOF {
			return nil
		}
	}
	return nil
}

// lines hands over what is complete. A line that is too long for one is none.
func (s *fileSource) lines(read []byte, line func([]byte)) {
	for {
		i := bytes.IndexByte(read, '\n')
		if i < 0 {
			break
		}
		if len(s.rest) > 0 {
			s.rest = append(s.rest, read[:i]...)
			line(bytes.TrimRight(s.rest, "\r"))
			s.rest = s.rest[:0]
		} else {
			line(bytes.TrimRight(read[:i], "\r"))
		}
		read = read[i+1:]
	}
	if len(s.rest)+len(read) > maxFileLine {
		s.rest = s.rest[:0]
		return
	}
	s.rest = append(s.rest, read...)
}

// turned goes on with the next file where the path names another one now.
func (s *fileSource) turned() {
	if info, err := os.Stat(s.path); err == nil && !os.SameFile(info, s.info) {
		_ = s.open(io.SeekStart) // tried again at the next look
	}
}
