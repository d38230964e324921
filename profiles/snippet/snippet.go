package snippet

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/moving"
)

// Kind is what to write.
type Kind = moving.SnippetKind

// The kinds, as this package names them.
const (
	URL          = moving.SnippetURL
	Subscribe    = moving.SnippetSubscribe
	Publish      = moving.SnippetPublish
	SubscribeW   = moving.SnippetSubscribeW
	PublishW     = moving.SnippetPublishW
	CtlSubscribe = moving.SnippetCtlSubscribe
	CtlPublish   = moving.SnippetCtlPublish
	CtlDoctor    = moving.SnippetCtlDoctor
	Go           = moving.SnippetGo
	Python       = moving.SnippetPython
	JavaScript   = moving.SnippetJavaScript
	Arduino      = moving.SnippetArduino
)

// Kinds returns all kinds in the order in which they are offered.
func Kinds() []Kind { return moving.SnippetKinds() }

// variable is the environment variable that holds the password.
const variable = "MQTT_PASSWORD"

// Input is what to write about.
type Input = moving.SnippetInput

// Snippet is what was written.
type Snippet = moving.Snippet

// Make writes p as k. The error is an *app.Error that says why it cannot be
// written so. Safe for concurrent use.
func Make(k Kind, in Input) (Snippet, error) {
	in.HasPassword = in.HasPassword || in.Password != ""
	if in.Template.Topic == "" && len(in.Profile.Templates) > 0 {
		in.Template = in.Profile.Templates[0].Message
	}
	s := Snippet{Missing: missing(k, in)}
	if settle(&in) {
		s.Missing = append(s.Missing, secret(app.SecretQuery))
	}
	if p := in.Profile; p.IDMode == app.ClientIDFixed && k != URL && k != CtlDoctor {
		s.ClientID = ownID(k, p)
	}
	var err error
	if s.Text, err = write(k, in); err != nil {
		return Snippet{}, err
	}
	switch {
	case !in.HasPassword || in.Password != "" || k == URL || k == Arduino:
	case isCtl(k):
		s.Variable = ctlVariable
	default:
		s.Variable = variable
	}
	return s, nil
}

func write(k Kind, in Input) (string, error) {
	switch k {
	case URL:
		return urlOf(in), nil
	case Go:
		return golang(in)
	case Python:
		return python(in), nil
	case JavaScript:
		return javaScript(in), nil
	case Arduino:
		return arduino(in)
	case CtlSubscribe, CtlPublish, CtlDoctor:
		return ctl(k, in)
	}
	return command(k, in)
}

// settle puts the query into the path of a WebSocket, or dots for one that is
// not handed over, and reports whether there is such a one. Paths of files
// become whole: a program does not know "~/".
func settle(in *Input) bool {
	security := &in.Profile.Security
	for _, c := range []*app.CertSource{&security.CA, &security.Certificate, &security.Key} {
		c.File = app.ExpandHome(c.File)
	}
	link := &in.Profile.Link
	*link = app.FillQuery(*link, in.Query)
	full := link.Path
	if in.Query == "" {
		*link = app.WithHiddenQuery(*link)
	}
	return link.Path != full
}

// secret is the name of a secret in Snippet.Missing.
func secret(kind app.SecretKind) string { return "Secret." + moving.SecretName(kind) }

func impossible(key string) *app.Error {
	return &app.Error{What: app.Say(key), Do: app.Say("snippet.other.do")}
}

// missing names what k has no place for, or what is not written for brevity.
func missing(k Kind, in Input) (list []string) {
	p := in.Profile
	lost := func(name string, when bool) {
		if when {
			list = append(list, name)
		}
	}
	lost("Version", k == Arduino && p.Version == app.V5)
	connects := k != URL && k != CtlDoctor // as the profile does, with its session and will
	lost("Will", p.Will != nil && !connects)
	lost("Will.Properties", connects && hasProperties(p.Will))
	lost("Session", connects && !p.Clean && !lasting(k, p))
	missingLink(k, p.Link, lost)
	if p.TLS {
		missingTLS(k, p.Security, lost)
	}
	if isCtl(k) {
		ctlMissing(k, in, lost)
	}
	lost("Session.AuthenticationMethod", p.Session.AuthenticationMethod != "" && !isCtl(k))
	lost("Session.User", len(p.Session.User) > 0 && !isCommand(k) && k != URL)
	lost("Subscriptions", len(p.Subscriptions) > maxFilters && subscribes(k))
	return list
}

func missingLink(k Kind, o app.LinkOptions, lost func(string, bool)) {
	lost("Link.Headers", len(o.Headers) > 0 && k != URL)
	none, written := o.Proxy.Kind == app.ProxyNone, o.Proxy.Kind == app.ProxySOCKS5 && isCommand(k)
	lost("Link.Proxy", !none && !written)
	lost(secret(app.SecretProxyPassword), written && o.Proxy.User != "")
	lost("Link.Family", o.Family != app.FamilyAny && k != URL)
}

func hasProperties(w *app.Will) bool { return w != nil && (w.Properties != nil || w.Delay > 0) }

func missingTLS(k Kind, s app.TLSOptions, lost func(string, bool)) {
	pair := s.Certificate.File != "" && s.Key.File != ""
	files := isCommand(k) || k == Python // takes files only
	texts := k == Go || k == JavaScript  // takes texts too
	lost("Security.CA", k == URL && !s.CA.IsZero() || files && s.CA.PEM != "" || k == Arduino && s.CA.File != "")
	lost("Security.Certificate", !s.Certificate.IsZero() && !(pair && (files || texts)))
	lost("Security.Pinned", s.Pinned != "")
	lost("Security.SkipVerify", s.SkipVerify && (isCommand(k) || k == URL))
	lost("Security.ServerName", s.ServerName != "" && !texts)
}

func subscribes(k Kind) bool {
	return k != URL && k != Publish && k != PublishW && k != CtlPublish && k != CtlDoctor
}

func isCommand(k Kind) bool { return k >= Subscribe && k <= PublishW }

// maxFilters is how many subscriptions are written.
const maxFilters = 50

// filters returns what a copy subscribes to: everything, where the profile says
// nothing.
func filters(p app.Profile) []app.Subscription {
	if len(p.Subscriptions) == 0 {
		return []app.Subscription{{Filter: "#"}}
	}
	return p.Subscriptions[:min(len(p.Subscriptions), maxFilters)]
}

// pairOfFiles reports whether the client certificate is two files.
func pairOfFiles(p app.Profile) bool {
	return p.Security.Certificate.File != "" && p.Security.Key.File != ""
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// comment returns s as it may stand in a comment of one line in any of the
// languages: printable, no backslash at its end (C would join the next line)
// and no trigraph.
func comment(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\\' || r == '?' || r == utf8.RuneError || !unicode.IsPrint(r) {
			return '.'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60])
	}
	return s
}

// hasControl reports whether a terminal would take a part of s for something
// else than text. Line breaks and tabs are fine where lines says so.
func hasControl(s string, lines bool) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsPrint(r) && !(lines && slices.Contains([]rune{'\n', '\t'}, r)) && !unicode.Is(unicode.Zs, r)
	})
}
