// Package kit holds the pieces that screens are built of: lists and
// documents that stay fast whatever their length (RowList, LineView), and
// small controls in the look of Tidings.
//
// RowList and LineView draw what is visible into one raster with their own
// glyph atlas: one canvas object and one texture each, and memory that does
// not grow with what passes through them. They ask their source for visible
// rows only, while they draw.
//
// Everything here belongs to the UI goroutine. Pieces report what a person
// wants through callbacks; they decide nothing themselves.
package kit
