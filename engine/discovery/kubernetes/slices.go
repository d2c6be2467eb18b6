package kubernetes

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"

	"slbtui/engine/config"
	"slbtui/engine/discovery"
)

// slice is an EndpointSlice of discovery.k8s.io/v1, as far as it matters here.
type slice struct {
	Metadata struct {
		Name string `json:"name"`
		listMeta
	} `json:"metadata"`
	AddressType string     `json:"addressType"` // IPv4, IPv6 or FQDN
	Endpoints   []endpoint `json:"endpoints"`
	Ports       []port     `json:"ports"`
}

type endpoint struct {
	Addresses  []string `json:"addresses"` // the first counts
	Zone       string   `json:"zone"`      // of its node, absent where that has none
	Conditions struct {
		Ready       *bool `json:"ready"`   // unknown means yes
		Serving     *bool `json:"serving"` // unknown means ready
		Terminating *bool `json:"terminating"`
	} `json:"conditions"`
}

type port struct {
	Name string `json:"name"`
	Port int    `json:"port"`
}

func yes(b *bool, unknown bool) bool {
	if b == nil {
		return unknown
	}
	return *b
}

// slices are those of a service, by name.
type slices map[string]slice

// servers are the endpoints that take requests, and those that are about to end. Where a service has both kinds of
// addresses, each of its pods has two: those of IPv4 count.
func (all slices) servers(named config.PortName) ([]discovery.Server, error) {
	kind := "IPv6"
	for _, s := range all {
		if s.AddressType == "IPv4" && len(s.Endpoints) > 0 {
			kind = s.AddressType
		}
	}
	found := map[string]discovery.Server{}
	for _, s := range all {
		if s.AddressType != kind || len(s.Endpoints) == 0 {
			continue
		}
		number, err := s.port(named)
		if err != nil {
			return nil, err
		}
		for _, e := range s.Endpoints {
			server, ok := e.server(number)
			if known, twice := found[server.Address]; ok && (!twice || known.Leaving) { // it moves from slice to slice
				found[server.Address] = server
			}
		}
	}
	list := make([]discovery.Server, 0, len(found))
	taking := 0
	for _, s := range found {
		list = append(list, s)
		if !s.Leaving {
			taking++
		}
	}
	if taking == 0 { // they still answer, and there are no others: as Kubernetes' own proxies do
		for i := range list {
			list[i].Leaving = false
		}
	}
	return list, nil
}

// server is the endpoint as a server; false for one that is not ready, or no more.
func (e endpoint) server(port int) (discovery.Server, bool) {
	if len(e.Addresses) == 0 {
		return discovery.Server{}, false
	}
	a, err := netip.ParseAddr(e.Addresses[0])
	if err != nil {
		return discovery.Server{}, false
	}
	s := discovery.Server{Address: netip.AddrPortFrom(a, uint16(port)).String(), Weight: 1}
	if config.IsZone(e.Zone) {
		s.Zone = e.Zone
	}
	s.Leaving = yes(e.Conditions.Terminating, false)
	ready := yes(e.Conditions.Ready, true)
	return s, ready && !s.Leaving || s.Leaving && yes(e.Conditions.Serving, ready)
}

// port finds the port of a name or a number.
func (s slice) port(named config.PortName) (int, error) {
	number, _ := strconv.Atoi(string(named))
	for _, p := range s.Ports {
		if named == "" && len(s.Ports) == 1 || number != 0 && p.Port == number || number == 0 && named != "" && p.Name == string(named) {
			return p.Port, nil
		}
	}
	var have []string
	for _, p := range s.Ports {
		have = append(have, cmp.Or(p.Name, strconv.Itoa(p.Port)))
	}
	if named == "" {
		return 0, fmt.Errorf("its endpoints have ports %q: say which by discovery.kubernetes.port", have)
	}
	return 0, fmt.Errorf("its endpoints have no port %q, but %q", string(named), have)
}
