package settings

import (
	"errors"
	"io/fs"
	"slices"

	"tidings/profiles/internal/keep"
)

// LastRun is what was open when the program ended, or died. It is no choice of
// a person, so it has a file of its own.
type LastRun struct {
	Open      []string // IDs of the profiles with an open workspace, in the order they were opened
	Connected []string // those of them that were connected
	Front     string   // the one that was shown
	Tab       string   // the tab in front
}

// Equal reports whether both say the same.
func (l LastRun) Equal(o LastRun) bool {
	return slices.Equal(l.Open, o.Open) && slices.Equal(l.Connected, o.Connected) && l.Front == o.Front && l.Tab == o.Tab
}

// maxOpen bounds what is read: more is no record of what a person did.
const maxOpen = 200

const aboutLastRun = "What was open in Tidings. It is written anew all the time."

// fileLastRun is the file, version 1.
type fileLastRun struct {
	Open      []string `toml:"open"`
	Connected []string `toml:"connected"`
	Front     string   `toml:"front"`
	Tab       string   `toml:"tab"`
}

// ReadLastRun reads the file at path. Without a file nothing was open, and so
// it is with one that cannot be understood; the error is for the log.
func ReadLastRun(path string) (LastRun, error) {
	data, err := keep.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return LastRun{}, nil
	}
	if err != nil {
		return LastRun{}, err
	}
	f := fileLastRun{}
	if _, err := keep.Decode(data, &f); err != nil {
		return LastRun{}, err
	}
	l := LastRun(f)
	l.Open, l.Connected = l.Open[:min(len(l.Open), maxOpen)], l.Connected[:min(len(l.Connected), maxOpen)]
	return l, nil
}

// WriteLastRun replaces the file at path.
func WriteLastRun(path string, l LastRun) error {
	d := keep.Document{About: aboutLastRun, Keys: []keep.Key{
		{Name: "version", Value: int64(formatVersion)},
		{Name: "open", Value: append([]string{}, l.Open...)},
		{Name: "connected", Value: append([]string{}, l.Connected...)},
		{Name: "front", Value: l.Front},
		{Name: "tab", Value: l.Tab},
	}}
	data, err := d.Encode(nil)
	if err != nil {
		return err
	}
	return keep.Write(path, data)
}
