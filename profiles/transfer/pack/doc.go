// Package pack is the file in which Tidings hands connections on: TOML, with
// the keys of the profiles' own files, one table for each. Keys of a newer
// version survive reading and writing.
//
// Secrets are left out, or stand in the part "sealed", encrypted under a
// passphrase. What a profile itself may hold of a secret (a private key beside
// a pasted certificate, a header such as Authorization) goes the same way.
package pack
