package desk

import (
	"context"
	"maps"
	"time"

	"tidings/app"
	"tidings/app/doctor"
)

// Examine says how a connection is diagnosed.
type Examine struct {
	// Topic and OwnID are those of doctor.Params.
	Topic string
	OwnID bool
}

// Diagnosis is the diagnosis of a connection, under way or done.
type Diagnosis struct {
	Number  int // another for each
	Profile app.Profile
	How     Examine
	Report  doctor.Report
}

// diagnosis is the newest one.
type diagnosis struct {
	Diagnosis
	doctor *doctor.Doctor // nil while the secrets are being fetched
	cancel context.CancelFunc
}

// Diagnose finds out what keeps a connection from coming about, and ends a
// diagnosis before it. p need not be saved. s are its secrets; those it lacks
// are the kept ones. It returns at once; Diagnosis tells how it goes.
func (d *Desk) Diagnose(p app.Profile, s app.Secrets, how Examine) {
	ctx, cancel := context.WithCancel(context.Background())
	d.mu.Lock()
	d.stopDiagnosis()
	d.diagnosed++
	g := &diagnosis{cancel: cancel, Diagnosis: Diagnosis{Number: d.diagnosed, Profile: p, How: how}}
	g.Report = doctor.Report{Address: p.URL(), Version: p.Version, Began: time.Now(), Running: true}
	d.diagnosis = g
	d.mu.Unlock()
	started := d.workers.Go(func(life context.Context) {
		defer cancel()
		defer context.AfterFunc(life, cancel)()
		d.examine(ctx, g, p, maps.Clone(s))
	})
	if !started {
		cancel()
	}
	d.p.Touch()
}

// examine fetches the secrets and lets a doctor do the rest.
func (d *Desk) examine(ctx context.Context, g *diagnosis, p app.Profile, s app.Secrets) {
	if s == nil {
		s = app.Secrets{}
	}
	d.unlockFor(ctx, g, p, s)
	without := d.fetch(ctx, p, s)
	physician := doctor.New(doctor.Params{
		Options: p.Options(s), Address: p.URL(), Topic: g.How.Topic, OwnID: g.How.OwnID,
		Without: without, Changed: d.p.Touch,
	})
	d.mu.Lock()
	g.doctor = physician
	d.mu.Unlock()
	physician.Run(ctx)
}

// Diagnosis returns the newest diagnosis, nil when there is none.
func (d *Desk) Diagnosis() *Diagnosis {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.diagnosis == nil {
		return nil
	}
	now := d.diagnosis.Diagnosis
	if d.diagnosis.doctor != nil {
		now.Report = d.diagnosis.doctor.Report()
	}
	return &now
}

// CancelDiagnosis ends the diagnosis that is under way; its report stays.
func (d *Desk) CancelDiagnosis() {
	d.mu.Lock()
	d.stopDiagnosis()
	d.mu.Unlock()
	d.p.Touch()
}

// stopDiagnosis ends the newest diagnosis. The caller holds mu.
func (d *Desk) stopDiagnosis() {
	if g := d.diagnosis; g != nil {
		g.cancel()
		d.vault.dropIf(func(w vaultWait) bool { return w.diagnosis == g })
	}
}

// ForgetDiagnosis ends the diagnosis and forgets its report.
func (d *Desk) ForgetDiagnosis() {
	d.CancelDiagnosis()
	d.mu.Lock()
	d.diagnosis = nil
	d.mu.Unlock()
}
