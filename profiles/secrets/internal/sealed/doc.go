// Package sealed is the format of the vault file, and nothing else: bytes to
// secrets and back. It is the only importer of age.
//
// The file is TOML with two parts that are each an age file. "key" holds a
// random age identity and is encrypted with the passphrase (scrypt). "body"
// holds the secrets and is encrypted to that identity. So the slow scrypt runs
// when a person types the passphrase, and not at every save. "sum" is a hash
// of both parts: it tells a damaged file from a wrong passphrase.
package sealed
