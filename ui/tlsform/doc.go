// Package tlsform is the part of a connection's form about TLS: whom to trust,
// which certificate to show, and what is rare. It opens no file: what stands
// in one is found out below the screen (Inspector) and shown here: names,
// dates, whether key and certificate are a pair.
//
// Private keys and passphrases never enter the options that a profile keeps;
// Changes hands them over.
//
// Everything here belongs to the UI goroutine.
package tlsform
