package config_test

import (
	"fmt"

	"slbtui/engine/config"
)

func ExampleLoad() {
	mine := config.Source{Name: "my.yaml", Data: []byte("traffic:\n  request_rate: 80\n")}
	cfg, err := config.Load(mine)
	fmt.Println(cfg.Traffic.RequestRate, cfg.Traffic.Arrivals, err)
	file, line, _ := cfg.Origin("traffic.request_rate")
	fmt.Println(file, line)

	wrong := config.Source{Name: "wrong.yaml", Data: []byte("trafic: {}\nhealth: {timeout: 2}\nload_balancer: {port: 70000}\n")}
	_, err = config.Load(mine, wrong)
	fmt.Println(err)
	// Output:
	// 80 poisson <nil>
	// my.yaml 2
	// wrong.yaml:1: trafic: unknown key (allowed: servers, discovery, load_balancer, metrics, health, outlier, retry, limits, slow_start, traffic, q_learning, state_encoding, reward, q_factored, q_network, dqn, policies, export, admin, cluster; did you mean traffic?)
	// wrong.yaml:2: health.timeout: 2 is not a duration (above 0, with a unit, such as 2s or 500ms)
	// wrong.yaml:3: load_balancer.port: 70000 is not a port (0-65535)
}
