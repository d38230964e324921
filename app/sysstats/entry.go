package sysstats

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidings/app"
)

// maxValue bounds what is kept of a payload, in bytes.
const maxValue = 1 << 10

// samePoll is the time within which a second sample of a counter says
// nothing about its rate.
const samePoll = 100 * time.Millisecond

// entry is one $SYS topic.
type entry struct {
	row    Row
	unit   unit
	number float64
	isNum  bool

	// The rate of a counter, from live messages only: a retained one may be
	// of any age.
	baseV    float64
	baseT    time.Time     // zero: no baseline
	interval time.Duration // between the samples; 0: not known yet
	rate     float64
	hasRate  bool
}

// set takes over a received value.
func (e *entry) set(m *app.Message) {
	v := m.Payload
	e.row.Truncated = len(v) > maxValue
	if e.row.Truncated {
		v = v[:maxValue]
	}
	e.row.Value = string(v)
	if !utf8.ValidString(e.row.Value) {
		e.row.Value = strings.ToValidUTF8(e.row.Value, "\uFFFD")
	}
	e.row.Received, e.row.Retained = m.Received, m.Retained
	e.number, e.isNum = parse(e.row.Value, e.unit)
	e.sample(m.Received, m.Retained)
}

// sample updates the rate with the present number.
func (e *entry) sample(at time.Time, retained bool) {
	if !e.isNum || retained {
		e.baseT, e.hasRate, e.interval = time.Time{}, false, 0
		return
	}
	if !e.baseT.IsZero() {
		dt := at.Sub(e.baseT)
		switch {
		case e.number < e.baseV: // the broker was started anew
			e.hasRate = false
		case dt < samePoll:
			return
		default:
			e.rate, e.hasRate = (e.number-e.baseV)/dt.Seconds(), true
			if e.interval == 0 || dt < e.interval {
				e.interval = dt
			}
		}
	}
	e.baseV, e.baseT = e.number, at
}

// silent says that the broker spoke at the given time without this topic.
// Some brokers publish only what changed, so after one and a half intervals
// of silence the counter stands still.
func (e *entry) silent(spoke time.Time, beat time.Duration) {
	since, interval := e.baseT, e.interval
	if since.IsZero() {
		since = e.row.Received
	}
	if interval == 0 {
		interval = beat
	}
	if !e.isNum || interval == 0 || spoke.Sub(since) <= interval*3/2 {
		return
	}
	e.rate, e.hasRate = 0, true
	e.baseV, e.baseT = e.number, spoke
}

// parse reads a number as brokers write it: "12", "12.5", "12 seconds".
func parse(s string, u unit) (float64, bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	v, err := strconv.ParseFloat(first, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0, false
	}
	switch {
	case u == perMinute:
		return v / 60, true
	case u == millis && rest != "":
		return spelled(s)
	case u == millis:
		return v / 1000, true
	}
	return v, true
}

// spelled reads a duration in words, "1 days, 3 hours, 2 minutes, 5 seconds",
// and returns seconds.
func spelled(s string) (float64, bool) {
	total := 0.0
	for part := range strings.SplitSeq(s, ",") {
		number, word, _ := strings.Cut(strings.TrimSpace(part), " ")
		v, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return 0, false
		}
		switch strings.TrimSuffix(word, "s") {
		case "day":
			total += float64(v) * 86400
		case "hour":
			total += float64(v) * 3600
		case "minute":
			total += float64(v) * 60
		case "second":
			total += float64(v)
		default:
			return 0, false
		}
	}
	return total, true
}
