package moving

import "tidings/app"

// Question is something the source does not say, with the answers to choose
// from. The one to start with is chosen.
type Question struct {
	Ask     app.Text
	Answers []Answer
	Chosen  int // index of Answers
}

// Answer is one answer and what it means for the profile: what is nil stays
// as it is.
type Answer struct {
	Text       app.Text
	Version    *app.Version
	TLS        *bool
	SkipVerify *bool
	Address    *Address
}

// Address is where a broker listens.
type Address struct {
	Host string
	Port int
}

func (a Answer) apply(p *app.Profile) {
	if a.Version != nil {
		p.Version = *a.Version
	}
	if a.TLS != nil {
		p.TLS = *a.TLS
	}
	if a.SkipVerify != nil {
		p.Security.SkipVerify = *a.SkipVerify
	}
	if a.Address != nil {
		p.Host, p.Port = a.Address.Host, a.Address.Port
	}
}
