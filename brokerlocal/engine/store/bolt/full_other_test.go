//go:build !linux

package bolt_test

import "errors"

const fullPath = "TIDINGS_STORE_TO_FILL"

// fillUp is for systems where a disk can be made full for one process.
func fillUp(string) error { return errors.ErrUnsupported }
