// Package secrets shows which secret is kept where, and what state the keyring
// and the vault are in. It knows no secret.
package secrets
