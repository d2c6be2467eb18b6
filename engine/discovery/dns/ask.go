package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	patience = 2 * time.Second // with one resolver
	rounds   = 2               // over all resolvers
	udpSize  = 1232            // of an answer: what no network cuts in pieces
)

// ask asks one resolver after the other until one answers.
func ask(ctx context.Context, resolvers []string, name string, kind dnsmessage.Type) (*reply, error) {
	host, err := dnsmessage.NewName(name)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	q := dnsmessage.Question{Name: host, Type: kind, Class: dnsmessage.ClassINET}
	var last error
	for range rounds {
		for _, resolver := range resolvers {
			r, err := askOne(ctx, resolver, q)
			switch {
			case err == nil:
				return r, nil
			case ctx.Err() != nil:
				return nil, ctx.Err()
			}
			last = err
		}
	}
	return nil, last
}

// askOne asks one resolver, by TCP if the answer is too long for UDP.
func askOne(ctx context.Context, resolver string, q dnsmessage.Question) (*reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id := uint16(rand.Uint32())
	message, err := question(id, q)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*reply, error) {
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			err = fmt.Errorf("no answer within %v", patience)
		}
		return nil, fmt.Errorf("%s from %s: %w", strings.TrimPrefix(q.Type.String(), "Type"), resolver, err)
	}
	var r *reply
	for _, network := range []string{"udp", "tcp"} {
		if r, err = exchange(ctx, network, resolver, message, id, q); err != nil {
			return fail(err)
		}
		if !r.header.Truncated {
			break
		}
	}
	switch code := r.header.RCode; code {
	case dnsmessage.RCodeSuccess:
		return r, nil
	case dnsmessage.RCodeNameError:
		return fail(errors.New("there is no such name"))
	default:
		return fail(errors.New(strings.TrimPrefix(code.String(), "RCode")))
	}
}

func question(id uint16, q dnsmessage.Question) ([]byte, error) {
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: id, RecursionDesired: true})
	b.EnableCompression()
	var extended dnsmessage.ResourceHeader
	if err := errors.Join(b.StartQuestions(), b.Question(q), b.StartAdditionals(),
		extended.SetEDNS0(udpSize, dnsmessage.RCodeSuccess, false), b.OPTResource(extended, dnsmessage.OPTResource{})); err != nil {
		return nil, err
	}
	return b.Finish()
}

// exchange sends a question and waits for its answer. Others than that, from whoever sent them, are thrown away.
func exchange(ctx context.Context, network, resolver string, message []byte, id uint16, q dnsmessage.Question) (*reply, error) {
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, network, resolver)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if network == "tcp" {
		message = append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)
	}
	if _, err := c.Write(message); err != nil {
		return nil, err
	}
	for {
		data, err := receive(c, network)
		if err != nil {
			return nil, err
		}
		if r, ok := parse(data, id, q); ok {
			return r, nil
		}
	}
}

func receive(c net.Conn, network string) ([]byte, error) {
	if network == "udp" {
		data := make([]byte, 64<<10)
		n, err := c.Read(data)
		return data[:n], err
	}
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return nil, err
	}
	data := make([]byte, binary.BigEndian.Uint16(size[:]))
	_, err := io.ReadFull(c, data)
	return data, err
}
