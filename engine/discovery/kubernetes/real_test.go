//go:build realapi

package kubernetes

import (
	"testing"

	"slbtui/engine/discovery/kubernetes/apitest"
)

// The API server of testdata/apiserver.
func TestFollowsAServiceOfTheRealAPI(t *testing.T) { followsAService(t, apitest.Real(t)) }
