package config

import "slbtui/qlearn/shared"

// readNetwork reads the file of q_network.weights, so that nobody has to who uses the configuration. That it cannot
// is for the checker to say.
func (c *Config) readNetwork() {
	if path := c.QNetwork.Weights; path != "" {
		c.network, _ = shared.ReadFile(path)
	}
}

// network says why the file of q_network.weights was not read.
func (k *checker) network() {
	const key = "q_network.weights"
	path := k.cfg.QNetwork.Weights
	if path == "" || k.cfg.network != nil {
		return
	}
	if _, err := shared.ReadFile(path); err != nil {
		k.at(key, path, err.Error()+" (a file that slbtui train wrote, or \"\" for the network that comes with the program)")
	}
}
