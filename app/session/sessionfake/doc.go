// Package sessionfake is an app.Client in memory, and the broker it talks to,
// for the tests of other packages: no socket, no goroutine, no clock but
// time.Now, so that it works inside testing/synctest. It passes the contract
// of sessiontest as far as that needs no network.
package sessionfake
