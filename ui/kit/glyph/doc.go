// Package glyph draws text into an image from a small atlas of glyph masks.
//
// It exists because lists that follow a stream change all their texts at
// every frame: a toolkit that keeps a texture per distinct text then grows
// without end. Here a text costs only the blending of masks that are already
// there, and the atlas is bounded whatever the peer sends.
//
// It knows Latin, Cyrillic and whatever else the given fonts hold; a
// character that no font holds, and every control or direction character, is
// shown as a box. It shapes no complex scripts. It knows no toolkit.
package glyph
