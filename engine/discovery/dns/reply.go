package dns

import (
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// reply is what a resolver said.
type reply struct {
	header  dnsmessage.Header
	answers []dnsmessage.Resource
	others  []dnsmessage.Resource // said besides: addresses of targets, perhaps
}

// parse reads a message that is an answer to the question. What is cut off is not there.
func parse(data []byte, id uint16, q dnsmessage.Question) (*reply, bool) {
	var p dnsmessage.Parser
	h, err := p.Start(data)
	if err != nil || !h.Response || h.ID != id {
		return nil, false
	}
	asked, err := p.AllQuestions()
	if err != nil || len(asked) != 1 || asked[0].Type != q.Type || !strings.EqualFold(asked[0].Name.String(), q.Name.String()) {
		return nil, false
	}
	r := &reply{header: h}
	if h.Truncated {
		return r, true
	}
	if r.answers, err = p.AllAnswers(); err != nil {
		return nil, false
	}
	if p.SkipAllAuthorities() == nil {
		r.others, _ = p.AllAdditionals() // nothing there is needed
	}
	return r, true
}

// ttl is how long all of it holds.
func (r *reply) ttl() time.Duration {
	holds := longest
	for _, a := range r.answers {
		holds = min(holds, time.Duration(a.Header.TTL)*time.Second)
	}
	return holds
}

// addresses are those answered, of the name itself or of what it stands for.
func (r *reply) addresses() (all []netip.Addr) {
	for _, a := range r.answers {
		if ip := address(a); ip.IsValid() {
			all = append(all, ip)
		}
	}
	return all
}

// glue are the addresses of a host that were said besides, and how long they hold.
func (r *reply) glue(host string) (all []netip.Addr, holds time.Duration) {
	holds = longest
	for _, o := range r.others {
		if ip := address(o); ip.IsValid() && strings.EqualFold(o.Header.Name.String(), host) {
			all = append(all, ip)
			holds = min(holds, time.Duration(o.Header.TTL)*time.Second)
		}
	}
	return all, holds
}

func address(r dnsmessage.Resource) netip.Addr {
	switch body := r.Body.(type) {
	case *dnsmessage.AResource:
		return netip.AddrFrom4(body.A)
	case *dnsmessage.AAAAResource:
		return netip.AddrFrom16(body.AAAA).Unmap()
	}
	return netip.Addr{}
}

func (r *reply) services() (all []dnsmessage.SRVResource) {
	for _, a := range r.answers {
		if s, ok := a.Body.(*dnsmessage.SRVResource); ok {
			all = append(all, *s)
		}
	}
	return all
}
