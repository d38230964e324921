package crashtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// chapter is after how many kills everything has to be there.
const chapter = 8

// Config says how long a crash test takes.
type Config struct {
	Rounds int           // kills
	Seed   uint64        // of what is left to chance, but for the scheduler's part in it
	Life   time.Duration // the longest a life takes, from when clients may connect; most are shorter
	Log    func(format string, args ...any)
}

// Summary is what went on in a crash test.
type Summary struct {
	Rounds    int    // kills, of these:
	Unready   int    // before the broker was ready
	Beside    int    // right before or right after a commit, or at a moment of the log
	Acked     [3]int // messages acknowledged by PUBACK or PUBREC, by QoS
	Resent    int    // messages that publishers sent again
	Received  int    // messages that subscribers got, each at each of them once
	Dup       int    // of QoS 1 that came again with DUP
	Copies    int    // of QoS 1 that came again because they were sent again
	Overdue   int    // messages that had expired and did not come
	Inspected int    // times that all retained messages were compared
	Wills     int    // published after a kill
	Turns     int    // subscriptions made and ended during the load
	Expired   int    // sessions that had expired and did not come back
}

// String returns one line.
func (s Summary) String() string {
	return fmt.Sprintf("%d kills (%d before the broker was ready, %d at a moment of the store); acknowledged %d at QoS 1, %d at QoS 2, sent again %d; "+
		"received %d, repeated with DUP %d, copies of what was sent again %d; retained compared %d times, "+
		"subscriptions changed %d times, wills %d, expired messages withheld %d, expired sessions gone %d",
		s.Rounds, s.Unready, s.Beside, s.Acked[1], s.Acked[2], s.Resent, s.Received, s.Dup, s.Copies, s.Inspected, s.Turns, s.Wills, s.Overdue, s.Expired)
}

// trial is a crash test under way.
type trial struct {
	*world
	Config
	cast
	folder string
	random *rand.Rand
	turner *turncoat
	sum    Summary
	long   bool // this chapter is: messages expire before the absent one is back
}

// Run kills a broker that keeps its data in folder again and again. The error
// lists the promises that it broke.
func Run(ctx context.Context, folder string, c Config) (Summary, error) {
	t := &trial{world: newWorld(ctx), Config: c, folder: folder, random: rand.New(rand.NewPCG(c.Seed, 0))}
	defer t.stop()
	t.cast = newCast(t.world, c.Seed)
	t.turner = &turncoat{world: t.world, random: rand.New(rand.NewPCG(c.Seed, 100))}
	p, err := Start(t.ctx, folder)
	if err != nil {
		return t.sum, err
	}
	for first := true; p != nil && t.ctx.Err() == nil && t.sum.Rounds < t.Rounds; first = false {
		p = t.chapter(p, first)
		t.cast.count(&t.sum)
		t.sum.Turns = t.turner.turns
		t.Log("%s", t.sum)
	}
	if p != nil {
		p.Kill()
	}
	if len(t.findings) > 0 {
		return t.sum, errors.New(strings.Join(t.findings, "\n"))
	}
	return t.sum, ctx.Err()
}

// chapter is some lives of the broker, of which p is the first, and then
// everything has to be there. It returns the broker that is alive; nil: none.
func (t *trial) chapter(p *Process, first bool) *Process {
	if first {
		t.enter(t.world, p)
	}
	t.calm(p)
	if t.random.IntN(2) == 0 {
		if p = t.idle(p); p == nil {
			return nil
		}
	}
	left, before := t.visit(p, time.Time{}), t.acknowledged()
	t.calm(p)
	if !left.IsZero() {
		left = time.Now() // the broker knows by now, however busy the machine
	}
	enough, quiet := make(chan struct{}), make(chan struct{})
	var publishing, receiving sync.WaitGroup
	for _, pub := range t.publishers {
		publishing.Go(func() { pub.run(enough) })
	}
	t.long = first || t.random.IntN(3) == 0
	publishing.Go(func() { t.turner.run(enough) })
	publishing.Go(func() { t.testator.run(enough) })
	kills := max(1, min(chapter, t.Rounds-t.sum.Rounds))
	for _, s := range t.subscribers {
		from := 0
		if s.habit.absent {
			s.fresh = true
			from = t.life + 1 + kills // the last life
			if !t.long {
				from -= t.random.IntN(kills + 1)
			}
		}
		receiving.Go(func() { s.run(from, quiet) })
	}
	t.world.open(p)
	for i := 0; i < kills && p != nil; i++ {
		p = t.replace(p, i+1 == kills)
		if i == 0 && t.acknowledged() == before { // that the passer-by left need not be stored
			left = time.Time{}
		}
	}
	close(enough)
	publishing.Wait()
	close(quiet)
	receiving.Wait()
	t.world.open(nil)
	if p == nil || t.ctx.Err() != nil {
		return p
	}
	t.inspect(p, t.streams)
	t.sum.Inspected++
	t.visit(p, left)
	return p
}

// passing, in seconds, is the session expiry interval of the passer-by.
const passing = 1

// visit is a client whose session is short. It returns when it left; left is
// when it did so the last time.
func (t *trial) visit(p *Process, left time.Time) time.Time {
	c := wire.Connect{Version: app.V5, ClientID: "passer-by"}
	c.Properties.Add(wire.SessionExpiry)
	c.Properties.SessionExpiry = passing
	over := !left.IsZero() && time.Since(left) > (passing+1)*time.Second
	l, ack := t.dial(p, c)
	if l == nil {
		return left
	}
	defer l.Drop()
	if over && ack.SessionPresent {
		t.found("a session that has expired is back")
	} else if over {
		t.sum.Expired++
	}
	return time.Now()
}

// replace kills the broker, sooner or later, and returns the one that is open
// after it. The last one of a chapter is to live on.
func (t *trial) replace(p *Process, last bool) *Process {
	t.live(p)
	t.world.open(nil)
	p.Kill()
	t.sum.Rounds++
	for t.ctx.Err() == nil {
		next, err := t.revive(last)
		switch {
		case err == nil:
			if last && t.long {
				t.pause(briefExpiry*time.Second + 100*time.Millisecond)
			}
			t.inspect(next, t.streams)
			t.sum.Inspected++
			t.world.open(next)
			return next
		case errors.Is(err, errStillborn):
			t.sum.Rounds++
			t.sum.Unready++
		default:
			t.found("%v", err)
		}
	}
	return nil
}

// idle kills the broker when everything it held for others was acknowledged
// and is out of its store.
func (t *trial) idle(p *Process) *Process {
	t.pause(dropped)
	p.Kill()
	t.sum.Rounds++
	next, err := Start(t.ctx, t.folder)
	if err != nil {
		t.found("%v", err)
		return nil
	}
	return next
}

// dropped is within what time acknowledged messages leave the store.
const dropped = 200 * time.Millisecond

// live lets the broker be for a random time, or until it has killed itself.
func (t *trial) live(p *Process) {
	d := time.Duration(t.random.Int64N(int64(t.Life)))
	if t.random.IntN(8) > 0 {
		d /= 4
	}
	if p.doomed.Load() {
		d = time.Second
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.exited:
		if p.doomed.Load() {
			t.sum.Beside++
			return
		}
		t.found("the broker has ended: %s", p.errors.String())
	case <-t.ctx.Done():
	}
}

// revive starts the broker again, one time in ten only to kill it while it
// reads its store, four times in ten with a moment at which it will die.
func (t *trial) revive(last bool) (*Process, error) {
	chance, beside := t.random.IntN(10), ""
	if chance < 4 && !last {
		beside = someDeath(t.random)
	}
	p, err := start(t.ctx, t.folder, beside)
	if err != nil {
		return nil, err
	}
	if chance == 9 {
		p.doomed.Store(true)
		timer := time.AfterFunc(time.Duration(t.random.Int64N(int64(30*time.Millisecond))), p.Kill)
		defer timer.Stop()
		if p.ready() == nil {
			p.Kill()
		}
		return nil, errStillborn
	}
	return p, p.ready()
}
