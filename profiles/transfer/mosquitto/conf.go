package mosquitto

import (
	"context"
	"strings"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
)

// ReadConf returns the bridges of a mosquitto.conf. It never fails: what is
// wrong stands in the preview. The rest of the file is about the broker and
// is not looked at. What it returns once ctx has ended is of no use.
func ReadConf(ctx context.Context, data []byte) moving.Preview {
	p := moving.Preview{Format: moving.FormatMosquitto}
	if len(data) > draft.MaxSmall {
		p.Problems = append(p.Problems, draft.TooLarge(draft.MaxSmall))
		return p
	}
	var open *bridge
	done := func() {
		if open != nil {
			p.Items = append(p.Items, open.finish())
		}
		open = nil
	}
	for _, line := range lines(data) {
		key, value := cut(line)
		switch {
		case ctx.Err() != nil:
			return p
		case key == "include_dir":
			p.NotRead = append(p.NotRead, moving.Finding{Field: key, Why: app.Say("moving.why.include")})
		case key == "listener":
			done()
		case key == "connection":
			if done(); len(p.Items) == draft.MaxItems {
				p.Problems = append(p.Problems, draft.TooMany())
				return p
			}
			open = newBridge(value)
		case open != nil:
			open.set(key, value)
		}
	}
	done()
	if len(p.Items) == 0 {
		p.Problems = append(p.Problems, &app.Error{What: app.Say("moving.no_bridge"), Do: app.Say("moving.no_bridge.do")})
	}
	return p
}

// IsConf reports whether data looks like a mosquitto.conf.
func IsConf(data []byte) bool {
	for _, line := range lines(data[:min(len(data), 256<<10)]) {
		switch key, _ := cut(line); key {
		case "connection", "listener", "allow_anonymous", "persistence", "log_dest", "include_dir", "per_listener_settings", "password_file", "acl_file", "pid_file", "persistence_location":
			return true
		}
	}
	return false
}

// cut returns the first word of a line and the rest.
func cut(line string) (key, value string) {
	i := strings.IndexAny(line, " \t")
	if i < 0 {
		return line, ""
	}
	return line[:i], strings.Trim(line[i:], " \t")
}
