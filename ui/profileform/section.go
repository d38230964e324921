package profileform

import "tidings/app"

// section is one idea of the form: some fields of a profile and their
// controls.
type section interface {
	// fill writes a profile into the controls.
	fill(p app.Profile)
	// read writes the controls over a profile. What the profile does not
	// send stays as it was.
	read(r *reading)
	// show shows what makes sense for the profile as it now is.
	show(p app.Profile)
}
