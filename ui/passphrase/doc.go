// Package passphrase asks a person for the passphrase of the vault: to make
// one, to unlock it or to change its passphrase. What is typed stands nowhere
// but in the fields, and leaves them when the dialog closes.
package passphrase
