package mosquitto

import (
	"path"
	"strings"

	"tidings/app/moving"
	"tidings/profiles/transfer/cmdline"
	"tidings/profiles/transfer/internal/draft"
)

// ReadDefaults returns what a file of defaults holds: an option and its value
// in each line. name is the name of the file, which says whether it is that
// of mosquitto_sub or of mosquitto_pub. It never fails: what is wrong stands
// in the preview.
func ReadDefaults(name string, data []byte) moving.Preview {
	p := moving.Preview{Format: moving.FormatMosquittoClient}
	if len(data) > draft.MaxSmall {
		p.Problems = append(p.Problems, draft.TooLarge(draft.MaxSmall))
		return p
	}
	tool := cmdline.Sub
	if strings.HasPrefix(path.Base(strings.ReplaceAll(name, `\`, "/")), "mosquitto_pub") {
		tool = cmdline.Pub
	}
	var options [][]string
	for _, line := range lines(data) {
		option, value, has := strings.Cut(line, " ")
		words := []string{option}
		switch value = strings.TrimSpace(value); {
		case option == "-D" || option == "--property":
			words = append(words, strings.Fields(value)...)
		case has && value != "":
			words = append(words, value)
		}
		if options = append(options, words); len(options) == draft.MaxList {
			p.Problems = append(p.Problems, draft.TooMany())
			break
		}
	}
	if len(options) == 0 {
		p.Problems = append(p.Problems, draft.Nothing())
		return p
	}
	p.Items = append(p.Items, cmdline.Options(tool, options))
	return p
}

// IsDefaults reports whether data looks like such a file: its first line that
// is no comment is an option.
func IsDefaults(data []byte) bool {
	for _, line := range lines(data[:min(len(data), 16<<10)]) {
		return strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "- ") && !strings.HasPrefix(line, "---")
	}
	return false
}

// lines returns the lines that are neither empty nor comments.
func lines(data []byte) (list []string) {
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\xef\xbb\xbf")) {
		line = strings.Trim(line, " \t\r\n")
		if line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	return list
}
