package topic

import (
	"strings"
	"unicode/utf8"

	"tidings/app"
)

// MaxBytes is the longest topic name or filter in bytes of UTF-8
// [MQTT-4.7.3-3].
const MaxBytes = 65535

// ValidateName returns nil when s may be the topic of a PUBLISH or of a will,
// else an *app.Error that says what is wrong with it.
func ValidateName(s string) error {
	if err := validateString(s); err != nil {
		return err
	}
	if i := strings.IndexAny(s, "#+"); i >= 0 { // [MQTT-3.3.2-2] [MQTT-4.7.0-1]
		return finding("topic.name_wildcard", "topic.do.name_wildcard", "Topic", s, "Char", s[i:i+1])
	}
	return nil
}

// ValidateFilter returns nil when s may stand in a SUBSCRIBE, else an
// *app.Error that says what is wrong with it. Shared subscriptions
// ("$share/group/filter") are judged as MQTT 5 does, whatever the version:
// brokers of MQTT 3.1.1 that know them use the same form.
func ValidateFilter(s string) error {
	if err := validateString(s); err != nil {
		return err
	}
	rest, shared := strings.CutPrefix(s, sharePrefix)
	if shared {
		group, filter, ok := strings.Cut(rest, "/")
		switch {
		case group == "": // [MQTT-4.8.2-1]
			return finding("topic.share_no_group", "topic.do.share", "Filter", s)
		case strings.ContainsAny(group, "#+"): // [MQTT-4.8.2-2]
			return finding("topic.share_wildcard", "topic.do.share", "Filter", s, "Group", group)
		case !ok || filter == "": // [MQTT-4.8.2-2]
			return finding("topic.share_no_filter", "topic.do.share", "Filter", s)
		}
		rest = filter
	}
	return validateLevels(s, rest)
}

// validateLevels checks the wildcards of filter; whole is what the user wrote.
func validateLevels(whole, filter string) error {
	for {
		level, rest, more := strings.Cut(filter, "/")
		switch {
		case level == "#" && more: // [MQTT-4.7.0-1]
			return finding("topic.hash_not_last", "topic.do.hash", "Filter", whole)
		case level != "#" && strings.Contains(level, "#"): // [MQTT-4.7.0-1]
			return finding("topic.hash_not_alone", "topic.do.hash", "Filter", whole, "Level", level)
		case level != "+" && strings.Contains(level, "+"): // [MQTT-4.7.1-2]
			return finding("topic.plus_not_alone", "topic.do.plus", "Filter", whole, "Level", level)
		}
		if !more {
			return nil
		}
		filter = rest
	}
}

// validateString checks what holds for names and filters alike.
func validateString(s string) error {
	switch {
	case s == "": // [MQTT-4.7.3-1]
		return finding("topic.empty", "topic.do.empty")
	case len(s) > MaxBytes: // [MQTT-4.7.3-3]
		return finding("topic.too_long", "topic.do.too_long", "Bytes", len(s), "Max", MaxBytes)
	case !utf8.ValidString(s): // [MQTT-1.5.4-1]
		return finding("topic.not_utf8", "topic.do.not_utf8")
	case strings.IndexByte(s, 0) >= 0: // [MQTT-4.7.3-2]
		return finding("topic.nul", "topic.do.nul")
	}
	return nil
}

func finding(what, do string, pairs ...any) error {
	return &app.Error{What: app.Say(what, pairs...), Do: app.Say(do)}
}
