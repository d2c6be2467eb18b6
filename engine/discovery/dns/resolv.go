package dns

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
)

const maxResolvers = 3 // as in resolv.conf(5)

// systemResolvers are those that the system asks. Other systems than Unix have no such file.
func systemResolvers(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("which resolver to ask: %w; set discovery.dns.resolver", err)
	}
	var all []string
	for line := range strings.Lines(string(data)) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "nameserver" {
			continue
		}
		if a, err := netip.ParseAddr(words[1]); err == nil && len(all) < maxResolvers {
			all = append(all, at(a, 53))
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("which resolver to ask: %s names none; set discovery.dns.resolver", path)
	}
	return all, nil
}
