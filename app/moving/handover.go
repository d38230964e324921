package moving

import "tidings/app"

// Source is a file that another client left at its usual place.
type Source struct {
	Format Format
	Path   string
}

// Local is a profile that is here, with those of its secrets that can be read
// now.
type Local struct {
	Profile app.Profile
	Secrets []Secret
}

// Entry is one connection to write into a file of our own.
type Entry struct {
	Profile app.Profile
	// Secrets are written when there is a passphrase, and else only named
	// among what is left out.
	Secrets []Secret
	// Extra holds the keys of a newer version in the profile's file; nil for
	// none.
	Extra map[string]any
}

// File is a file of our own, to be saved.
type File struct {
	Data    []byte
	Secrets int    // how many are in it, sealed
	Left    []Left // what was left out of it
}

// Left names what was left out of one connection.
type Left struct {
	Profile  string // its name
	Findings []Finding
}
