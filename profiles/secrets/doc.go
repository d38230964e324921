// Package secrets keeps passwords and private keys: in the system's keyring,
// in a vault file under a passphrase, or in memory until the program ends.
// Never in plain text. It is the only importer of go-keyring.
//
// Three stores (Keyring, Vault, Session) keep one contract (Store, tested by
// secretstest). Router is what the program uses: it knows which secret
// belongs where.
//
// What lies in memory is no safer than the process: Go may copy values, so
// nothing here claims to wipe them.
package secrets
