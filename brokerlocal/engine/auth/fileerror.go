package auth

import "fmt"

// FileError says what is wrong with a password, SCRAM or ACL file, and where.
// It never quotes a password or a hash.
type FileError struct {
	File   string // as it was named to the parser
	Line   int    // from 1; 0 when the file as a whole is meant
	Reason string
	Err    error // why a file cannot be read; nil for its content
}

// Error returns "file:line: reason".
func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// Unwrap returns Err.
func (e *FileError) Unwrap() error { return e.Err }
