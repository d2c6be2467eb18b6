package logs

import (
	"bytes"
	"time"
)

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// digits reads so many of them; ok is false where one is missing.
func digits(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 12 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, true
}

// seconds reads a decimal number of seconds, such as 0.051 or 1795771800.099.
func seconds(b []byte) (time.Duration, bool) {
	whole, part, _ := bytes.Cut(b, []byte("."))
	n, ok := digits(whole)
	if !ok || n > 9e9 {
		return 0, false
	}
	f, ok := fraction(part)
	return time.Duration(n)*time.Second + f, ok
}

// fraction reads what stands behind the point of a number of seconds; beyond nanoseconds it looks no further.
func fraction(b []byte) (time.Duration, bool) {
	unit, sum := time.Second, time.Duration(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		unit /= 10
		sum += time.Duration(c-'0') * unit
	}
	return sum, true
}

// instant is a moment of UTC since 1970, by the calendar of Howard Hinnant's days_from_civil.
func instant(year, month, day int64, clock []byte) (time.Duration, bool) {
	if len(clock) < 8 || clock[2] != ':' || clock[5] != ':' || year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	h, ok1 := digits(clock[:2])
	m, ok2 := digits(clock[3:5])
	s, ok3 := seconds(clock[6:])
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || s > 61*time.Second {
		return 0, false
	}
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	ofEra := year - 400*era
	ofYear := (153*(month-3)+2)/5 + day - 1
	days := era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
	return time.Duration(days*24+h)*time.Hour + time.Duration(m)*time.Minute + s, true
}

// common reads 27/Nov/2026:09:30:00, with a fraction and a zone or without. A stamp without a zone counts as UTC.
func common(b []byte) (time.Duration, bool) {
	b, zone, _ := bytes.Cut(b, []byte(" "))
	if len(b) < 20 || b[2] != '/' || b[6] != '/' || b[11] != ':' {
		return 0, false
	}
	day, ok1 := digits(b[:2])
	year, ok2 := digits(b[7:11])
	month := bytes.Index([]byte(months), b[3:6])
	if !ok1 || !ok2 || month < 0 || month%3 != 0 {
		return 0, false
	}
	at, ok := instant(year, int64(month/3+1), day, b[12:])
	off, known := offset(zone)
	return at - off, ok && known
}

// offset reads +0100, +01:00, Z or nothing.
func offset(b []byte) (time.Duration, bool) {
	if len(b) == 0 || len(b) == 1 && b[0] == 'Z' {
		return 0, true
	}
	if len(b) == 6 && b[3] == ':' {
		b = []byte{b[0], b[1], b[2], b[4], b[5]}
	}
	if len(b) != 5 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	h, ok1 := digits(b[1:3])
	m, ok2 := digits(b[3:5])
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if b[0] == '-' {
		d = -d
	}
	return d, ok1 && ok2
}

// iso reads 2026-11-27T09:30:00.099958Z, or with an offset.
func iso(b []byte) (time.Duration, bool) {
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[10] != 'T' && b[10] != ' ' {
		return 0, false
	}
	year, ok1 := digits(b[:4])
	month, ok2 := digits(b[5:7])
	day, ok3 := digits(b[8:10])
	clock, zone := b[11:], []byte(nil)
	if i := bytes.IndexAny(clock, "Z+-"); i >= 0 {
		clock, zone = clock[:i], clock[i:]
	}
	at, ok4 := instant(year, month, day, clock)
	off, ok5 := offset(zone)
	return at - off, ok1 && ok2 && ok3 && ok4 && ok5
}
