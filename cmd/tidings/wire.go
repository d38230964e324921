package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/desk"
	"tidings/app/feed"
	"tidings/app/session/link"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
	"tidings/app/store"
	"tidings/brokerlocal"
	"tidings/profiles"
	"tidings/profiles/home"
	"tidings/profiles/settings"
)

// program is everything that runs while the window is open.
type program struct {
	options  options
	home     *home.Home
	log      *slog.Logger
	feed     *feed.Feed
	desk     *desk.Desk
	moving   *desk.Moving
	secrets  *keptSecrets
	settings *settings.Store
	budget   *store.Budget
}

// wire makes the parts and puts them together; nothing runs yet but what the
// desk starts by itself.
func wire(o options, h *home.Home, logger *slog.Logger) (*program, error) {
	f := feed.New(feed.Interval)
	saved, settingsProblem := settings.Open(h.Settings())
	files, err := profiles.Open(h.Profiles(), logger)
	if err != nil {
		return nil, err
	}
	kept, vaultProblem := openSecrets(h, logger)
	p := &program{
		options:  o,
		home:     h,
		log:      logger,
		feed:     f,
		secrets:  kept,
		settings: saved,
		budget:   store.NewBudget(0),
	}
	p.limitMemory(saved.Get().MemoryBudgetMB)
	p.desk = desk.New(desk.Params{
		Profiles: files,
		Secrets:  p.secrets,
		Broker: localBroker{brokerlocal.New(brokerlocal.Config{
			Port:         brokerlocal.DefaultPort,
			NextFreePort: true,
			SysInterval:  2 * time.Second, // its own $SYS tab should not look dead
			Log:          logger.With("part", "broker"),
			Changed:      f.Touch,
		})},
		NewClient: func(v app.Version) (app.Client, error) { return newClient(v, logger) },
		Budget:    p.budget,
		Log:       logger,
		Touch:     f.Touch,
	})
	p.moving = desk.NewMoving(p.desk, mover{files})
	for _, problem := range []*app.Error{settingsProblem, vaultProblem} {
		if problem != nil {
			p.desk.Notify(problem)
		}
	}
	return p, nil
}

// garbage is how much of the live heap may lie about as garbage before the
// collector runs, in percent. Stored messages are flat and cost it little, so
// that it may run often: the default of 100 would double their memory.
const garbage = 20

// limitMemory sets the budget of the stored messages, and what the collector
// makes of it.
func (p *program) limitMemory(megabytes int) {
	bytes := int64(megabytes) << 20
	p.budget.SetLimit(bytes)
	debug.SetGCPercent(garbage)
	debug.SetMemoryLimit(store.MemoryLimit(bytes))
}

// farewell is how long the end of the program waits for calls to the keyring
// and the vault that nobody waits for any more.
const farewell = 2 * time.Second

// close ends what wire started. The desk takes the time that it takes. What is
// left then hangs in the system and ends with the process: that is noted in the
// log, and no failure of the program.
func (p *program) close() error {
	err := p.desk.Close()
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if err := p.secrets.close(ctx); err != nil {
		p.log.Warn("close the secrets", "err", err)
	}
	return err
}

// newClient returns the adapter that speaks v.
func newClient(v app.Version, logger *slog.Logger) (app.Client, error) {
	dial := link.Dialer{Keys: certs.NewOpener()}.Dial
	if v == app.V5 {
		return v5.New(v5.Params{Dial: dial, Log: logger}), nil
	}
	return v3.New(v3.Params{Dial: dial, Log: logger}), nil
}

// localBroker shows the broker inside as the desk knows it.
type localBroker struct{ *brokerlocal.Broker }

// State implements desk.LocalBroker.
func (b localBroker) State() desk.BrokerState {
	s := b.Snapshot()
	return desk.BrokerState{
		Running: s.Running, Host: s.Host, Port: s.Port, WantedPort: s.WantedPort,
		Since: s.Since, Clients: s.Clients, In: s.MessagesIn, Out: s.MessagesOut,
		Dropped: s.Dropped, Err: s.Err,
	}
}
