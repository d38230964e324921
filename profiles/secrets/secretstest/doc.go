// Package secretstest holds the contract that every secrets.Store keeps, and
// a fake store that fails on demand.
package secretstest
