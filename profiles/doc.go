// Package profiles keeps the connection profiles of a person: one TOML file
// per profile, "<id>.toml", readable and diff-friendly, written in one step
// and never holding a password (see package secrets for that).
package profiles
