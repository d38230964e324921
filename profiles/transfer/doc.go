// Package transfer moves connections between Tidings and other programs.
//
// Read takes the bytes of a file, or a pasted text, of any format that Detect
// knows and returns a preview; nothing is saved, no file is opened. Every
// byte is hostile: sizes, depths and numbers have limits, and no error or
// finding quotes what may be a secret. Compare says how the items relate to
// what is here. Each format has a package of its own below this one; pack is
// our own.
package transfer
