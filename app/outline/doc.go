// Package outline is the order of the saved connections: which folder each
// lies in, what comes before what, and which profiles have to be written when
// a person moves one.
//
// A folder is no thing of its own. It exists as long as a connection says
// that it lies there, so that it travels with the connections through every
// file and export, and nothing has to be kept in step. So an empty folder
// cannot be kept, and folders have no order of their own: they come before
// the connections beside them, by name.
//
// Everything here is pure and safe for concurrent use.
package outline
