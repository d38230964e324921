package glyph

import (
	"fmt"
	"math"

	"golang.org/x/image/font/sfnt"
)

// Style picks a font of a Set.
type Style uint8

// The styles of text.
const (
	Regular Style = iota
	Bold
	Mono
	MonoBold // the monospaced font, thickened
)

// Sources are font files (TrueType or OpenType), as bytes that the Set keeps.
type Sources struct {
	Regular, Bold, Mono []byte
	// Fallback fonts are asked in order for what the style's font lacks.
	Fallback [][]byte
}

// maxAtlases bounds the sizes and styles kept at once; a window shows about
// six, and changes them all when its scale changes.
const maxAtlases = 16

// Set holds parsed fonts and their atlases. Not safe for concurrent use: one
// Set belongs to one goroutine.
type Set struct {
	fonts    [3]*sfnt.Font // regular, bold, mono
	fallback []*sfnt.Font
	atlases  map[atlasKey]*Atlas
}

type atlasKey struct {
	style Style
	px    int // 1/8 pixels
}

// NewSet parses the fonts. It fails when one of them is no font.
func NewSet(src Sources) (*Set, error) {
	s := &Set{atlases: make(map[atlasKey]*Atlas)}
	for i, b := range [][]byte{src.Regular, src.Bold, src.Mono} {
		f, err := sfnt.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("parse font %d: %w", i, err)
		}
		s.fonts[i] = f
	}
	for i, b := range src.Fallback {
		f, err := sfnt.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("parse fallback font %d: %w", i, err)
		}
		s.fallback = append(s.fallback, f)
	}
	// The monospaced font has many symbols: ask it for the other styles too.
	s.fallback = append(s.fallback, s.fonts[2], s.fonts[0])
	return s, nil
}

// Atlas returns the atlas of a style at a size in pixels per em. It is made
// on first use; of many sizes only the latest are kept, so ask anew for every
// frame.
func (s *Set) Atlas(style Style, px float64) *Atlas {
	key := atlasKey{style, int(math.Round(px * 8))}
	if a, ok := s.atlases[key]; ok {
		return a
	}
	if len(s.atlases) >= maxAtlases {
		clear(s.atlases)
	}
	a := newAtlas(s, style, float64(key.px)/8)
	s.atlases[key] = a
	return a
}

// font returns the font of a style.
func (s *Set) font(style Style) *sfnt.Font {
	switch style {
	case Bold:
		return s.fonts[1]
	case Mono, MonoBold:
		return s.fonts[2]
	case Regular:
	}
	return s.fonts[0]
}

// find returns the first font that holds r, and the glyph's index there. It
// reports false when none does.
func (s *Set) find(buf *sfnt.Buffer, style Style, r rune) (*sfnt.Font, sfnt.GlyphIndex, bool) {
	own := s.font(style)
	if i, err := own.GlyphIndex(buf, r); err == nil && i != 0 {
		return own, i, true
	}
	for _, f := range s.fallback {
		if i, err := f.GlyphIndex(buf, r); err == nil && i != 0 {
			return f, i, true
		}
	}
	return nil, 0, false
}
