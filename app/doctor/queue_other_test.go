//go:build !linux

package doctor_test

import "testing"

const dropsSYN = false

func fullQueue(*testing.T) int { return 0 }
