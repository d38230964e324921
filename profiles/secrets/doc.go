// Package secrets keeps passwords: in the system's keyring, or in memory
// until the program ends. It is the only importer of go-keyring.
package secrets
