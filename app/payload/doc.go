// Package payload makes payloads readable: it tells what they are, previews
// them in one line, and lays them out in lines as text, indented JSON, hex or
// Base64.
//
// A Doc shows the whole payload, however large: it keeps the place of every
// 32nd line and makes lines when they are asked for, so its memory is a
// fraction of the payload's. What has no safe glyph of its own is shown in
// words: control characters as pictures (␀), bytes that are no UTF-8 as \xA1,
// invisible and direction-changing characters as ‹U+202E›. Nothing is dropped.
//
// All functions are pure; a Doc is safe for concurrent use as long as nobody
// writes to the payload it was made from.
package payload
