// Package xmltree reads small XML files as a tree, within limits of depth,
// number and size. A document type is refused: so there are no entities but
// XML's own five, and nothing outside the file is ever read.
package xmltree
