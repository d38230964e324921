// Package draft is what the readers of foreign formats share: an item that is
// being filled, with limits on everything that comes from a file, and the
// words for what cannot be taken over. Nothing it returns quotes a secret.
package draft
