// Package profilecheck says what is wrong with a connection profile before
// anybody tries to connect with it. It is pure: the form calls it on every
// keystroke.
package profilecheck
