package desk

import (
	"context"
	"errors"
	"slices"

	"tidings/app"
	"tidings/app/session"
)

// Broker returns the state of the local broker.
func (d *Desk) Broker() BrokerState {
	s := d.p.Broker.State()
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Busy = d.brokerBusy > 0
	if s.Err == nil {
		s.Err = d.brokerErr
	}
	return s
}

// StartBroker starts the local broker; Broker tells how it went.
func (d *Desk) StartBroker() { d.startBroker() }

// StartBrokerAndConnect starts the local broker if need be, makes sure that a
// profile for it exists, points it at the broker's port and connects.
func (d *Desk) StartBrokerAndConnect() { d.startBroker(anyLocal) }

// anyLocal stands for the local broker's profile where it may not exist yet.
const anyLocal = ""

// startBroker starts the broker in a worker, behind a stop that is under way,
// and then connects the profiles. While a start is under way another one only
// adds to what that connects.
func (d *Desk) startBroker(connect ...string) {
	d.mu.Lock()
	for _, id := range connect {
		if !slices.Contains(d.connectAfter, id) {
			d.connectAfter = append(d.connectAfter, id)
		}
	}
	if !d.starting {
		d.starting = d.brokerTurn(d.bringUp)
	}
	d.mu.Unlock()
	d.p.Touch()
}

// bringUp starts the broker and connects what waits for it.
func (d *Desk) bringUp(ctx context.Context) error {
	err := ctx.Err()
	var lost []string
	if err == nil && !d.p.Broker.State().Running {
		err = d.p.Broker.Start(ctx)
		lost = d.lostLocals()
	}
	d.mu.Lock()
	ids := d.connectAfter
	d.starting, d.connectAfter = false, nil
	d.mu.Unlock()
	if err != nil {
		return err
	}
	for _, id := range lost {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	s := d.p.Broker.State()
	if i := slices.Index(ids, anyLocal); i >= 0 {
		ids = slices.Delete(ids, i, i+1)
		if id := d.localProfile(s); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		d.connectLocal(id, s)
	}
	return nil
}

// lostLocals returns the open connections to the local broker that look for
// it: it may have come back on another port, and who listens on the old one is
// anybody's guess.
func (d *Desk) lostLocals() []string {
	var ids []string
	for _, c := range d.Connections() {
		state := c.Workspace.Session.State
		if c.Open && c.Profile.LocalBroker && (state == session.Waiting || state == session.Connecting) {
			ids = append(ids, c.Profile.ID)
		}
	}
	return ids
}

// StopBroker stops the local broker.
func (d *Desk) StopBroker() {
	d.mu.Lock()
	d.brokerTurn(d.p.Broker.Stop)
	d.mu.Unlock()
	d.p.Touch()
}

// brokerTurn runs what starts or stops the broker, after what was asked for
// before. It reports false when the desk is closed. The caller holds mu.
func (d *Desk) brokerTurn(do func(context.Context) error) bool {
	started := d.turns.Go(turnBroker, func(ctx context.Context) {
		err := do(ctx)
		var said *app.Error
		if err != nil && !errors.As(err, &said) {
			said = &app.Error{What: app.Say("broker.failed"), Cause: err}
		}
		d.mu.Lock()
		d.brokerBusy--
		if said != nil {
			d.brokerErr = said
		}
		d.mu.Unlock()
		if said != nil && ctx.Err() == nil {
			d.notify(said)
		}
		d.p.Touch()
	})
	if started {
		d.brokerBusy++
		d.brokerErr = nil
	}
	return started
}

// connectLocal points a profile at the running broker and connects it.
func (d *Desk) connectLocal(id string, s BrokerState) {
	d.update(id, func(p *app.Profile) bool {
		changed := p.Host != s.Host || p.Port != s.Port
		p.Host, p.Port = s.Host, s.Port
		return changed
	})
	if p, ok := d.Profile(id); ok {
		d.connect(p)
	}
}

// LocalProfileName is the name of the profile made for the local broker: where
// it leads, the same in every language, and not that of the broker itself.
const LocalProfileName = "localhost"

// localProfile returns the ID of the local broker's profile, made when there
// is none.
func (d *Desk) localProfile(s BrokerState) string {
	d.mu.Lock()
	i := slices.IndexFunc(d.profiles, func(p app.Profile) bool { return p.LocalBroker })
	if i >= 0 {
		defer d.mu.Unlock()
		return d.profiles[i].ID
	}
	p := app.DefaultProfile()
	p.Name, p.Host, p.Port = LocalProfileName, s.Host, s.Port
	p.LocalBroker = true
	p.Name = free(p, d.profiles, func(app.Profile) bool { return true })
	d.mu.Unlock()
	// Everything that anybody publishes shows at once: what a newcomer
	// expects of the first connection.
	p.Subscriptions = []app.Subscription{{Filter: "#", QoS: app.QoS1}}
	return d.SaveProfile(p, nil)
}
