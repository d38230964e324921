// Package profileform is the form that makes and changes a connection: its
// fields, what is wrong with them, and the profile they make.
//
// The pages (pages.go) hold sections (section.go), a file and an idea each. A
// section fills its controls from a profile, reads them back, and shows only
// what the chosen version and transport send. fields.go makes the controls and
// knows them by the names that findings have for them; reading.go is a profile
// being read, with those texts that are no values.
//
// Everything here belongs to the UI goroutine.
package profileform
