package profiles

import (
	"slices"
	"strings"
)

// ValidID reports whether id may name a profile's file: 1 to 64 lower-case
// letters a-z, digits, "-" and "_", and no name that Windows keeps for its
// devices. So an ID cannot leave the folder, and two IDs never meet on a file
// system that ignores case. app.NewID makes such IDs.
func ValidID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return !reservedOnWindows(id)
}

func reservedOnWindows(id string) bool {
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, id) {
		return true
	}
	return len(id) == 4 && (strings.HasPrefix(id, "com") || strings.HasPrefix(id, "lpt")) && id[3] >= '0' && id[3] <= '9'
}
