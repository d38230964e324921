// Package topics knows who subscribed to what: it turns the topic of a PUBLISH
// into its receivers.
//
// Index is a trie with one node per level of a filter, so that a match costs
// what the topic has levels and wildcards meet, not what is subscribed. Each
// filter's plain subscribers and each of its shared groups is one Group.
//
// Answers are meant to be cached: Matches carries the generation it was made
// in, and Generation changes with every change of a subscription and never
// without one.
package topics
