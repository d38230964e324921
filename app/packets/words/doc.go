// Package words says what a control packet says, in one line and in the
// languages of Tidings: for the packet list and for the text output of
// tidingsctl.
package words
