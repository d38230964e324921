// Package desk is the program without a window: profiles, secrets, the local
// broker and the open workspaces, with everything a person can do to them.
// The window calls it and draws what it reads from it; tests drive it
// headless.
//
// Commands return at once. What may block runs in workers that Close waits
// for; the outcome shows in the next read. Every change calls Params.Touch.
// All methods are safe for concurrent use.
//
// Lock order: Desk.mu is never held while a port, a workspace or Touch is
// called. A worker may be started under it; that takes leaf locks only.
package desk
