// Package moving is what the window and the importers say to each other when
// connections move between programs: plain values, no file formats. The
// formats are in profiles/transfer.
//
// A Preview shows what a file or a pasted text holds before anything is
// saved. What cannot be taken over is a Finding, what the source does not say
// is a Question.
package moving
