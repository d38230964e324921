package app

import "regexp"

// credential are the words in names whose values are secrets.
var credential = regexp.MustCompile(`(?i)auth|token|secret|passw|cookie|api-?_?key|access-?_?key|signature|credential|session|jwt|bearer`)

// NamesSecret reports whether what bears a name, such as an HTTP header or a
// user property, is likely to hold a secret. Safe for concurrent use.
func NamesSecret(name string) bool { return credential.MatchString(name) }
