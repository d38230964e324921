// Package workspace is one open connection with all that belongs to it: the
// session, the stored messages, the topic tree, the retained messages and
// the $SYS figures. It is the command interface of a connection's screens.
//
// Commands return at once; what may block runs in workers that Close waits
// for, and its outcome appears in the next Snapshot. Everything that changes
// calls Params.Touch, so a screen reads again only when there is something to
// read. All methods are safe for concurrent use.
package workspace
