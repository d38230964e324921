// Package feed turns any number of "something changed" calls into at most
// one delivery per interval, with at most one delivery under way. It is how
// the screen learns of changes: the ingest path touches the feed for every
// batch, the screen is told at most 30 times a second and reads what it
// shows. It knows no toolkit.
package feed
