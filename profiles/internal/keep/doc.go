// Package keep writes and reads the small files that Tidings keeps for a
// person: profiles and settings. They are TOML, versioned, replaced in one
// step, and nothing in them is lost: keys of a newer version survive a save,
// and a file that cannot be understood is set aside, never deleted.
package keep
