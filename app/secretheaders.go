package app

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The values of a profile's secret headers are one secret, SecretHeaders: a
// JSON list of names and values. A value belongs to the header of its name
// (RFC 9110 §5.1: letters' case does not matter); of two of one name the first
// goes to the first. So headers may be moved, and others may come and go.

// headerValue is one element of that list.
type headerValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Format prints the header without its value when that is secret.
func (h Header) Format(s fmt.State, _ rune) {
	value := h.Value
	if h.Secret {
		value = Secret(value).String()
	}
	_, _ = io.WriteString(s, h.Name+": "+value)
}

// TakeHeaders returns a copy of headers without the values of the secret ones,
// and those values; none when no value was there.
func TakeHeaders(headers []Header) (bare []Header, values Secret) {
	bare = slices.Clone(headers)
	var list []headerValue
	given := false
	for i, h := range bare {
		if h.Secret {
			list = append(list, headerValue{h.Name, h.Value})
			given = given || h.Value != ""
			bare[i].Value = ""
		}
	}
	if !given {
		return bare, ""
	}
	return bare, encodeHeaders(list)
}

// FillHeaders returns a copy of headers in which the secret ones have their
// values, and the index of the first that has none, -1 when all have. What it
// cannot decode counts as nothing.
func FillHeaders(headers []Header, values Secret) (full []Header, missing int) {
	full, missing = slices.Clone(headers), -1
	kept := decodeHeaders(values)
	for i, h := range full {
		if !h.Secret {
			continue
		}
		if value := takeValue(&kept, h.Name); h.Value == "" {
			full[i].Value = value
		}
		if full[i].Value == "" && missing < 0 {
			missing = i
		}
	}
	return full, missing
}

// MergeHeaders returns what is to be kept for headers when given is new: each
// given value, and where there is none the one kept before. Values of headers
// that are gone go with them.
func MergeHeaders(headers []Header, kept, given Secret) Secret {
	bare, _ := TakeHeaders(headers)
	full, _ := FillHeaders(bare, given)
	full, _ = FillHeaders(full, kept)
	_, values := TakeHeaders(full)
	return values
}

func encodeHeaders(list []headerValue) Secret {
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // a list of strings always has a JSON form
	}
	return Secret(text)
}

func decodeHeaders(values Secret) (list []headerValue) {
	if json.Unmarshal([]byte(values.Reveal()), &list) != nil {
		return nil
	}
	return list
}

// takeValue returns the first value of a name and takes it off the list.
func takeValue(list *[]headerValue, name string) string {
	i := slices.IndexFunc(*list, func(v headerValue) bool { return strings.EqualFold(v.Name, name) })
	if i < 0 {
		return ""
	}
	value := (*list)[i].Value
	*list = slices.Delete(*list, i, i+1)
	return value
}
