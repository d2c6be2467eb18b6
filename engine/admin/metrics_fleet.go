package admin

import (
	"github.com/prometheus/client_golang/prometheus"

	"slbtui/engine/live"
)

var (
	clusterConnected = desc("slbtui_cluster_connected", "1 while what is ordered here is written for all replicas, 0 while it holds here only.")
	clusterReplicas  = desc("slbtui_cluster_replicas", "Replicas of the fleet that were heard of, this one included, by state.", "state")
	clusterBehind    = desc("slbtui_cluster_behind", "Orders that are written for all and not known here yet.")
)

// collectFleet is nothing where the balancer is alone.
func collectFleet(out chan<- prometheus.Metric, f *live.Fleet) {
	if f == nil {
		return
	}
	count := map[live.ReplicaState]int{live.ReplicaServing: 0, live.ReplicaAlone: 0, live.ReplicaLost: 0, live.ReplicaStopped: 0}
	for _, r := range f.Replicas {
		count[r.State]++
		if r.Name == f.Self {
			out <- prometheus.MustNewConstMetric(clusterBehind, gauge, float64(r.Behind))
		}
	}
	for state, n := range count {
		out <- prometheus.MustNewConstMetric(clusterReplicas, gauge, float64(n), string(state))
	}
	out <- prometheus.MustNewConstMetric(clusterConnected, gauge, oneIf(f.Connected))
}
