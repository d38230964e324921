// Package uitest helps to test screens without a window: it renders canvas
// objects with the software painter, types and taps, and finds objects. Only
// tests import it.
package uitest
