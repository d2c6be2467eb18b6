package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCluster(t *testing.T) {
	for _, text := range []string{
		"cluster: {listen: '127.0.0.1:6222', store: s}",
		"cluster: {name: a, listen: '127.0.0.1:6222', store: s, peers: ['127.0.0.1:6222', '[::1]:6223']}",
		"cluster: {listen: '10.0.0.1:6222', store: s, peers: ['b:6222'], tls: {cert_file: a, key_file: b, ca_file: c}}",
		"cluster: {url: 'nats://127.0.0.1:4222'}",
		"cluster: {url: 'tls://nats.example.com:4222', credentials: c}",
	} {
		c, err := mine(t, text)
		require.NoError(t, err, text)
		require.True(t, c.Cluster.On(), text)
	}
	require.False(t, Default().Cluster.On())
}

func TestClusterIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"cluster: {listen: '10.0.0.1:1', store: s}":                                      `my.yaml:1: cluster.listen: "10.0.0.1:1" is not on this machine alone, and whoever reaches it could command (it takes cluster.tls: cert_file, key_file, ca_file)`,
		"cluster: {listen: '127.0.0.1:1', store: s, peers: ['10.0.0.2:1']}":              `cluster.peers: "10.0.0.2:1" is not on this machine alone`,
		"cluster: {listen: '127.0.0.1:1'}":                                               `cluster.store: missing: what was ordered is kept in a folder (its path)`,
		"cluster: {store: s}":                                                            `my.yaml:1: cluster.store: not without cluster.listen or cluster.url`,
		"cluster: {listen: '127.0.0.1:1', store: s, url: 'nats://127.0.0.1:1'}":          `cluster.url: not together with cluster.listen`,
		"cluster: {listen: '127.0.0.1:1', store: s, credentials: c}":                     `cluster.credentials: not without cluster.url`,
		"cluster: {listen: '127.0.0.1:1', store: s, tls: {cert_file: c}}":                `cluster.tls: cert_file, key_file and ca_file go together`,
		"cluster: {url: 'nats://10.0.0.1:1'}":                                            `is not on this machine alone (it takes cluster.tls, or cluster.credentials with tls://)`,
		"cluster: {url: 'nats://u:p@127.0.0.1:1'}":                                       `is not a URL of a NATS server ("", or nats://host:port or tls://host:port, without a password)`,
		"cluster: {url: 'nats://127.0.0.1:1', name: a.b}":                                `cluster.name: "a.b" is not a name of a replica ("", or up to 63 letters, digits, _ and -)`,
		"cluster: {listen: '127.0.0.1:1', store: s, peers: [nowhere], fleet: 'a fleet'}": `cluster.fleet: "a fleet" is not a name of a fleet`,
	} {
		_, err := mine(t, text)
		require.ErrorContains(t, err, want, text)
	}
}
