package format

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Moment writes a time of the run to a tenth of a second.
func Moment(d time.Duration) string {
	return Clock(d) + "." + strconv.Itoa(int(max(d, 0)/(100*time.Millisecond)%10))
}

// Clock writes a run time: 01:23 or 1:02:03.
func Clock(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// Seconds writes a time in whole seconds: 12s, 2m5s.
func Seconds(d time.Duration) string { return Short(max(d, 0).Round(time.Second)) }

// Short writes a duration without empty parts: 2m rather than 2m0s.
func Short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
