package cmdline

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/draft"
)

// Tool is one of mosquitto's two clients.
type Tool byte

// The tools.
const (
	Sub Tool = iota // mosquitto_sub
	Pub             // mosquitto_pub
)

// Is reports whether text looks like what Read takes.
func Is(text string) bool {
	return strings.Contains(text, "mosquitto_sub") || strings.Contains(text, "mosquitto_pub")
}

// Read returns what pasted command lines hold. It never fails: what is wrong
// stands in the preview. What it returns once ctx has ended is of no use.
func Read(ctx context.Context, data []byte) moving.Preview {
	p := moving.Preview{Format: moving.FormatCommand}
	if len(data) > draft.MaxSmall {
		p.Problems = append(p.Problems, draft.TooLarge(draft.MaxSmall))
		return p
	}
	text := strings.TrimPrefix(string(data), "\xef\xbb\xbf")
	commands, whole := split(text, isWindows(text))
	if !whole {
		p.Problems = append(p.Problems, &app.Error{What: app.Say("moving.open_quote"), Do: app.Say("moving.open_quote.do")})
	}
	if len(commands) > draft.MaxItems {
		commands = commands[:draft.MaxItems]
		p.Problems = append(p.Problems, draft.TooMany())
	}
	known := map[string]int{} // connectionKey → index of the item
	for _, words := range commands {
		if ctx.Err() != nil {
			break
		}
		tool, args, ok := find(words)
		if !ok {
			continue
		}
		it := command(tool, args)
		key := connectionKey(it)
		if i, ok := known[key]; ok {
			merge(&p.Items[i], it)
			continue
		}
		known[key] = len(p.Items)
		p.Items = append(p.Items, it)
	}
	if len(p.Items) == 0 && len(p.Problems) == 0 {
		p.Problems = append(p.Problems, draft.Nothing())
	}
	return p
}

// ReadURL returns the connection of one URL.
func ReadURL(text string) moving.Preview {
	p := moving.Preview{Format: moving.FormatURL}
	d := draft.New()
	d.P().Version = app.DefaultProfile().Version
	rest, err := d.URL("URL", text)
	if err != nil {
		p.Problems = append(p.Problems, &app.Error{What: app.Say("moving.bad_url"), Do: app.Say("moving.bad_url.do"), Cause: err})
		return p
	}
	if rest != "" {
		d.Note("URL", "moving.why.path")
	}
	p.Items = append(p.Items, d.Done())
	return p
}

// find returns the arguments behind the name of a tool, which may have a path
// in front and anything else before it, such as "sudo" or a prompt.
func find(words []word) (Tool, []word, bool) {
	for i, w := range words {
		name := w.text[strings.LastIndexAny(w.text, `/\`)+1:]
		switch strings.TrimSuffix(strings.ToLower(name), ".exe") {
		case "mosquitto_sub":
			return Sub, words[i+1:], true
		case "mosquitto_pub":
			return Pub, words[i+1:], true
		}
	}
	return 0, nil, false
}

// Options reads options as they stand in mosquitto's file of defaults: an
// option with the words of its value in each line.
func Options(tool Tool, lines [][]string) moving.Item {
	var args []word
	for _, line := range lines {
		for _, text := range line {
			args = append(args, word{text: text})
		}
	}
	return command(tool, args)
}

func command(tool Tool, args []word) moving.Item {
	r := &reader{Draft: draft.New(), tool: tool}
	r.P().Host = "localhost"
	for len(args) > 0 {
		args = r.option(args)
	}
	return r.finish()
}

// merge adds the subscriptions and templates of it to an item with the same
// connection.
func merge(item *moving.Item, it moving.Item) {
	into := &draft.Draft{Item: *item}
	for _, s := range it.Profile.Subscriptions {
		into.Subscribe("-t", s)
	}
	for _, t := range it.Profile.Templates {
		into.Template("-t", t.Name, t.Message)
	}
	for _, f := range it.Unmapped {
		if !slices.ContainsFunc(into.Unmapped, func(o moving.Finding) bool { return o.Field == f.Field && o.Why.Key == f.Why.Key }) {
			into.Found(f)
		}
	}
	*item = into.Item
}

// connectionKey is the same for two items that connect in the same way. It
// holds secrets and must not leave this file.
func connectionKey(it moving.Item) string {
	p := it.Profile
	p.ID, p.Subscriptions, p.Templates = "", nil, nil
	text, _ := json.Marshal(p) // a profile can always be encoded
	var b strings.Builder
	b.Write(text)
	for _, s := range it.Secrets {
		b.WriteByte(0)
		b.WriteByte(byte(s.Kind))
		b.WriteString(s.Value.Reveal())
	}
	return b.String()
}

// shown returns an option's name for a finding: never a value.
func shown(name string) string {
	if len(name) > 40 || strings.ContainsFunc(name, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return "-…"
	}
	return name
}
