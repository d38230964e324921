package desk

import (
	"context"
	"errors"

	"tidings/app"
)

// Broker returns the state of the local broker.
func (d *Desk) Broker() BrokerState {
	s := d.p.Broker.State()
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Busy = d.brokerBusy
	if s.Err == nil {
		s.Err = d.brokerErr
	}
	return s
}

// StartBroker starts the local broker; Broker tells how it went.
func (d *Desk) StartBroker() { d.startBroker(func(BrokerState) {}) }

// StartBrokerAndConnect starts the local broker if need be, makes sure that a
// profile for it exists, points it at the broker's port and connects.
func (d *Desk) StartBrokerAndConnect() {
	d.startBroker(func(s BrokerState) { d.Connect(d.localProfile(s)) })
}

// startBroker starts the broker in a worker and calls then when it runs.
func (d *Desk) startBroker(then func(BrokerState)) {
	if !d.claimBroker() {
		return
	}
	d.workers.Go(func(ctx context.Context) {
		var err error
		if !d.p.Broker.State().Running {
			err = d.p.Broker.Start(ctx)
		}
		d.releaseBroker(err)
		if err == nil {
			then(d.p.Broker.State())
		}
	})
}

// StopBroker stops the local broker.
func (d *Desk) StopBroker() {
	if !d.claimBroker() {
		return
	}
	d.workers.Go(func(ctx context.Context) {
		d.releaseBroker(d.p.Broker.Stop(ctx))
	})
}

// claimBroker reports false when a start or stop is already under way.
func (d *Desk) claimBroker() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.brokerBusy {
		return false
	}
	d.brokerBusy, d.brokerErr = true, nil
	return true
}

func (d *Desk) releaseBroker(err error) {
	d.mu.Lock()
	d.brokerBusy = false
	if err != nil && !errors.As(err, &d.brokerErr) {
		d.brokerErr = &app.Error{What: app.Say("broker.failed"), Cause: err}
	}
	failed := d.brokerErr
	d.mu.Unlock()
	if failed != nil {
		d.notify(failed)
	}
	d.p.Touch()
}

// LocalProfileName is the name of the profile made for the local broker.
const LocalProfileName = "Local broker"

// localProfile returns the ID of the local broker's profile, made or changed
// to point at the running broker.
func (d *Desk) localProfile(s BrokerState) string {
	p := app.DefaultProfile()
	p.ID = app.NewID()
	p.Name = LocalProfileName
	p.LocalBroker = true
	// Everything that anybody publishes shows at once: what a newcomer
	// expects of the first connection.
	p.Subscriptions = []app.Subscription{{Filter: "#", QoS: app.QoS1}}
	d.mu.Lock()
	for _, have := range d.profiles {
		if have.LocalBroker {
			p = have
		}
	}
	d.mu.Unlock()
	p.Host, p.Port = s.Host, s.Port
	d.put(p)
	return p.ID
}
