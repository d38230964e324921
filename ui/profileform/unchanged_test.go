package profileform_test

import (
	"reflect"
	"testing"

	"tidings/app"
)

// Saving without a change changes nothing, not even nothing into none: an open
// link would be taken for one with other settings.
func TestSavingUnchangedKeepsTheSettings(t *testing.T) {
	for name, change := range map[string]func(*app.Profile){
		"plain": func(*app.Profile) {},
		"tls":   func(p *app.Profile) { p.TLS = true },
		"ws":    func(p *app.Profile) { p.Link.Transport, p.Link.Path = app.TransportWS, "/mqtt" },
		"will":  func(p *app.Profile) { p.Will = &app.Will{Topic: "a", Payload: []byte("b")} },
		"empty": func(p *app.Profile) { p.Will = &app.Will{Topic: "a"} },
	} {
		t.Run(name, func(t *testing.T) {
			p := app.DefaultProfile()
			p.ID, p.Name, p.Host, p.ClientID = "a", "A", "h.test", "device"
			change(&p)
			b := open(t, p, keyring(true))
			if got := b.save(); !reflect.DeepEqual(got.Options(nil), p.Options(nil)) {
				t.Errorf("%+v\nwas %+v", got.Options(nil), p.Options(nil))
			}
		})
	}
}
