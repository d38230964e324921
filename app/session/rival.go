package session

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"tidings/app"
	"tidings/app/neterr"
)

// Two clients with one identifier throw each other out for ever
// [MQTT-3.1.4-3]: each one's CONNECT ends the other's link. MQTT 5 has a
// reason code for it, which not every broker sends; in 3.1.1 the link just
// ends. What can be seen then is a pattern: the broker accepts us at the first
// try, and closes the link soon after, again and again.
const (
	// rivalKicks is how often in a row that must happen. A broker that is
	// restarted does it once; a broken one refuses attempts in between.
	rivalKicks = 3
	// rivalStable is how long a link must last before the other client counts
	// as gone: it may wait for minutes between its own attempts.
	rivalStable = 5 * time.Minute
	// rivalFirst and rivalLast bound the wait between attempts, which double:
	// fighting helps neither side, and wears the broker out.
	rivalFirst = time.Minute
	rivalLast  = 5 * time.Minute
)

// answerSoon is how soon after a PUBLISH the end of a link counts as the
// broker's answer to it.
const answerSoon = 2 * time.Second

// rivalry counts the signs of another client with our identifier.
type rivalry struct{ kicks int }

// sure reports whether the pattern is complete.
func (v *rivalry) sure() bool { return v.kicks >= rivalKicks }

// failed notes an attempt that failed: the broker or the network is in
// trouble, which explains everything.
func (v *rivalry) failed() { v.kicks = 0 }

// lost notes the end of a link and reports whether the pattern is complete.
// unanswered says that a request of ours had no answer yet: some brokers close
// the link instead of refusing.
func (v *rivalry) lost(err error, lasted time.Duration, unanswered bool) bool {
	if !closedByPeer(err) || lasted >= v.stable() || unanswered {
		v.kicks = 0
		return false
	}
	v.kicks++
	return v.sure()
}

// stable returns how long a link must last to prove that all is well.
func (v *rivalry) stable() time.Duration {
	if v.sure() {
		return rivalStable
	}
	return stableAfter
}

// delay returns how long to wait after n losses or failures in a row. While
// there is a suspicion the next attempt comes soon, to see whether the broker
// is there at all; once the pattern is complete the identifier is left to the
// other client.
func (v *rivalry) delay(n int) time.Duration {
	switch {
	case v.kicks == 0:
		return delay(n)
	case !v.sure():
		return delay(1)
	}
	d := min(rivalFirst<<min(v.kicks-rivalKicks, 3), rivalLast)
	return d + time.Duration((rand.Float64()-0.5)*0.2*float64(d))
}

// closedByPeer reports whether the other side ended the link without a word.
// A broker with unread bytes resets it instead.
func closedByPeer(err error) bool {
	var lost *linkLost
	return errors.As(err, &lost) && neterr.Ended(err)
}

// EvictedError says that another client seems to use our identifier.
type EvictedError struct {
	Times int // in a row
	Cause error
}

// Error returns the technical text.
func (e *EvictedError) Error() string {
	return fmt.Sprintf("closed %d times in a row soon after CONNACK: %v", e.Times, e.Cause)
}

// Unwrap returns the cause.
func (e *EvictedError) Unwrap() error { return e.Cause }

// Contested reports whether err, nil for none, says that another client uses,
// or seems to use, the identifier: DISCONNECT 0x8E, or the pattern of two clients that
// evict each other. Another identifier makes sense then.
func Contested(err *app.Error) bool {
	if err == nil {
		return false
	}
	var rival *EvictedError
	var bye *serverDisconnect
	return errors.As(err, &rival) || errors.As(err, &bye) && bye.Reason == app.ReasonSessionTakenOver
}
