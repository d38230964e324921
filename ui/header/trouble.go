package header

import (
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/session"
	"tidings/ui/kit"
)

// offer is a way out that the banner offers for a failure.
type offer byte

const (
	askMe       offer = iota // ask for the password instead of waiting for the keyring
	startBroker              // start the local broker and connect
	newID                    // take a new client identifier
	useTLS                   // try with TLS
	retry311                 // try with MQTT 3.1.1
	certificate              // show the certificate that was not accepted
	edit                     // mend the settings of the connection
	diagnose                 // look step by step
	log                      // show the log of the connection
	offerCount
)

// offers says which of the offers fit a failure.
type offers [offerCount]bool

// remedy is what a button of the banner says and does.
type remedy struct {
	key string
	do  func()
}

// remedies are the buttons of the banner. One without a do is never shown.
func (h *Header) remedies() [offerCount]remedy {
	here := func(f func(string)) func() {
		if f == nil {
			return nil
		}
		return func() { f(h.shown.id) }
	}
	return [offerCount]remedy{
		askMe:       {"secrets.waiting.stop", func() { h.do.StopWaiting(h.shown.id, true) }},
		startBroker: {"header.start_broker", here(h.do.Connect)},
		newID:       {"header.new_id", here(h.do.NewID)},
		useTLS:      {"header.use_tls", here(h.do.ConnectSecurely)},
		retry311:    {"header.retry311", func() { h.do.ConnectAs(h.shown.id, app.V311) }},
		certificate: {"header.certificate", here(h.do.Certificate)},
		edit:        {"header.menu.edit", func() { h.do.Mend(h.shown.id, h.shown.err.What) }},
		diagnose:    {"header.diagnose", here(h.do.Diagnose)},
		log:         {"header.log", here(h.do.Log)},
	}
}

// fitting returns the offers that fit the failure of a session.
func fitting(s session.Snapshot) (o offers) {
	if s.LastError == nil {
		return o
	}
	o[newID] = session.Contested(s.LastError)
	o[useTLS] = s.State == session.Failed && session.TryTLS(s.LastError)
	o[retry311] = s.State == session.Failed && session.Try311(s.LastError, s.Options)
	o[certificate] = s.Untrusted != nil
	o[edit] = (s.State == session.Failed || !s.Linked) && !o[newID] && !o[useTLS] && !o[retry311] && !o[certificate]
	o[diagnose], o[log] = true, true
	return o
}

// seeks reports whether a session in a state looks for its broker, or has not
// found it.
func seeks(s session.State) bool {
	return s == session.Connecting || s == session.Waiting || s == session.Failed
}

// trouble is the banner below the header: what went wrong with the
// connection, and what a click can do about it.
type trouble struct {
	d       kit.Deps
	banner  *kit.Banner
	buttons [offerCount]*kit.Button // nil: it cannot be done
}

func newTrouble(d kit.Deps, all [offerCount]remedy) *trouble {
	t := &trouble{
		d:      d,
		banner: kit.NewBanner(kit.BannerLabels{Details: d.Tr.S("banner.details"), Close: d.Tr.S("banner.close")}),
	}
	for o, r := range all {
		if r.do == nil {
			continue
		}
		importance := widget.LowImportance
		switch offer(o) {
		case startBroker, newID, useTLS, retry311, certificate: // what mends it
			importance = widget.HighImportance
		}
		t.buttons[o] = kit.NewButton(d.Tr.S(r.key), importance, r.do)
	}
	return t
}

// name registers the buttons for tests.
func (t *trouble) name() {
	for o, name := range [offerCount]string{
		askMe: "header.askme", startBroker: "header.startbroker", newID: "header.newid", useTLS: "header.usetls", retry311: "header.retry311", certificate: "header.certificate", edit: "header.edit", diagnose: "header.diagnose", log: "header.log",
	} {
		if b := t.buttons[o]; b != nil {
			t.d.Names.Set(name, b)
		}
	}
	t.d.Names.Set("header.problem", t.banner.Fold())
}

// show tells of the error of a view, if it has one.
func (t *trouble) show(v view) {
	if v.err == nil {
		t.banner.Hide()
		return
	}
	n := kit.Notice{Kind: kit.Error, Line: v.warn} // what stays has room for the advice
	if v.warn {
		n.Kind = kit.Warning
	}
	n.Text, n.Advice, n.Detail = t.d.Tr.Error(v.err)
	if v.rival != "" {
		n.Advice = t.d.Tr.S("header.rival", "Name", v.rival) + " " + n.Advice
	}
	for o, b := range t.buttons {
		switch {
		case !v.offers[o] || b == nil:
		case offer(o) == log: // the text needs the room more
			n.More = append(n.More, b)
		default:
			n.Actions = append(n.Actions, b)
		}
	}
	t.banner.Say(n)
}
