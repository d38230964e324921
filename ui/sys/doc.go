// Package sys is the $SYS tab: the broker's own figures as cards, and every
// $SYS topic by name and value. UI goroutine only.
package sys
