package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestServersThatAreFound(t *testing.T) {
	for text, want := range map[string]Discovery{
		"discovery: {dns: {name: web.example.com., port: 9001, resolver: '[::1]:53'}}":       {DNS: DNS{Name: "web.example.com.", Port: 9001, Type: "A", Resolver: "[::1]:53"}},
		"discovery: {dns: {name: _http._tcp.web.example.com, type: SRV, resolver: 1.2.3.4}}": {DNS: DNS{Name: "_http._tcp.web.example.com", Type: "SRV", Resolver: "1.2.3.4"}},
		"discovery: {file: servers.yaml}":                                                    {File: "servers.yaml", DNS: DNS{Type: "A"}},
		"discovery: {kubernetes: {service: web, port: 8080, api: 'http://127.0.0.1:8001'}}":  {Kubernetes: Kubernetes{Service: "web", Port: "8080", API: "http://127.0.0.1:8001"}, DNS: DNS{Type: "A"}},
	} {
		c, err := mine(t, text)
		require.NoError(t, err, text)
		require.Equal(t, want, c.Discovery)
		require.Empty(t, c.Servers, "those of the built-in file are not meant")
		require.NoError(t, c.Validate())
		require.Equal(t, []string{"q_factored"}, c.Shadows(Shown), "what has joint tables would start anew with each server")
		printed, err := c.YAML()
		require.NoError(t, err)
		back, err := Load(shippedSource(t), Source{Name: "back", Data: printed})
		require.NoError(t, err, string(printed))
		require.Equal(t, c.Plain(), back.Plain())
	}
}

func TestDiscoveryIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"discovery: {file: a}\nservers: [{id: a, url: 'http://h'}]": "my.yaml:2: servers: not together with discovery, which finds them (leave one of the two out)",
		"discovery:\n  file: a\n  dns: {name: b.c, port: 1}":        "my.yaml:2: discovery.file: not together with discovery.dns.name (servers are found in one place)",
		"discovery: {dns: {name: b.c}}":                             `my.yaml:1: discovery.dns.name: "b.c" needs discovery.dns.port, at which its addresses serve (1-65535), or type: SRV`,
		"discovery: {dns: {name: b.c, port: 1, type: SRV}}":         "my.yaml:1: discovery.dns.port: not together with type: SRV (whose records have ports)",
		"discovery: {dns: {port: 1}}":                               "my.yaml:1: discovery.dns.port: not without discovery.dns.name",
		"discovery: {dns: {name: 10.0.0.1, port: 1}}":               `my.yaml:1: discovery.dns.name: "10.0.0.1" is not a name in the DNS ("", or such as web.example.com)`,
		"discovery: {dns: {name: b.c, port: 1, resolver: ns.b.c}}":  `my.yaml:1: discovery.dns.resolver: "ns.b.c" is not a resolver ("", or an IP address, with or without a port)`,
		"discovery: {dns: {name: b.c, port: 1, type: MX}}":          `my.yaml:1: discovery.dns.type: "MX" is not a type of records (A, SRV)`,
		"discovery: {kubernetes: {port: http}}":                     "my.yaml:1: discovery.kubernetes.port: not without discovery.kubernetes.service",
		"discovery: {kubernetes: {service: web, port: 70000}}":      `my.yaml:1: discovery.kubernetes.port: "70000" is not a port ("", its name or its number)`,
		"discovery: {kubernetes: {service: Web}}":                   `my.yaml:1: discovery.kubernetes.service: "Web" is not a name in Kubernetes ("", or lower-case letters, digits and -)`,
		"discovery: {kubernetes: {service: a, api: 'http://k:1'}}":  `my.yaml:1: discovery.kubernetes.api: "http://k:1" is not a URL of an API server ("" or https:// and a host; http:// on this machine alone)`,
	} {
		_, err := mine(t, text)
		require.EqualError(t, err, want, text)
	}
}
