// Package retained keeps the last retained message of each topic (MQTT 5.0
// §3.3.1.3).
//
// The messages stand in one list in the byte order of their topics, cut into
// chunks so that a change moves little. That order is all that is needed: a
// filter leaps from one possible topic to the next (leap.go), a page of the
// screen begins anywhere, and a collection goes on from the last topic it saw,
// so that it holds a lock only for moments and costs no memory, however much
// matches. There is no node per level that a topic of many levels could blow
// up. Beside the list, a map finds the one topic of a PUBLISH.
//
// For a new subscriber to miss nothing and never to see a stale message after
// a fresh one: insert the subscription before Collect; publish by Set before
// looking up the receivers; and send what Cursor.Next returns under the same
// lock as live messages.
package retained
