// Package archtest holds the tests that keep the architecture: who may import
// whom (over `go list`), and what code under ui may never contain (over
// go/ast). It has no code of its own; ARCHITECTURE.md gives the reasons.
package archtest
