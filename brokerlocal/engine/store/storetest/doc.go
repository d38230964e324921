// Package storetest is the contract of store.Store: what holds for the one in
// memory and for the one in a file.
package storetest
