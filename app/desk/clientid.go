package desk

import "tidings/app"

// UseClientID gives a profile another client identifier, saves it and connects
// anew: the way out when another client uses the one it had. What the broker
// keeps for the old identifier stays there.
func (d *Desk) UseClientID(id, clientID string, mode app.ClientIDMode) {
	d.update(id, func(p *app.Profile) bool {
		changed := p.ClientID != clientID || p.IDMode != mode
		p.ClientID, p.IDMode = clientID, mode
		return changed
	})
	d.Connect(id)
}
