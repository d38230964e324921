package snippet

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"

	"tidings/app"
)

// ctlVariable is the environment variable that tidingsctl reads the password
// from: it takes none on its command line.
const ctlVariable = "TIDINGS_PASSWORD"

func isCtl(k Kind) bool { return k >= CtlSubscribe && k <= CtlDoctor }

// ctl writes a command line of tidingsctl, for sh. What it says unless it is
// told otherwise is left out.
func ctl(k Kind, in Input) (string, error) {
	p := in.Profile
	var options []option
	add := func(words ...string) { options = append(options, option{words: words}) }
	add(p.FullURL())
	if p.Version != app.V5 {
		add("-V", map[app.Version]string{app.V31: "31", app.V311: "311"}[p.Version])
	}
	if p.User != "" {
		add("-u", p.User)
	}
	if p.Proves() {
		add("--scram")
	}
	if p.TLS && p.Security.CA.File != "" {
		add("--cafile", p.Security.CA.File)
	}
	if k != CtlDoctor {
		ctlSession(add, k, p)
		will(add, p.Will)
	}
	name := "tidingsctl "
	switch k {
	case CtlSubscribe:
		name += "sub"
		subscriptions(add, p)
	case CtlPublish:
		name += "pub"
		message(add, in.Template)
		if p.Version == app.V5 {
			ctlProperties(add, in.Template.Properties)
		}
	case CtlDoctor:
		name += "doctor"
	}
	if in.Password != "" {
		if hasControl(in.Password.Reveal(), true) {
			return "", impossible("snippet.control")
		}
		name = ctlVariable + "=" + sh(in.Password.Reveal()) + " " + name
	}
	return lines(name, options, sh, " \\\n  ", true)
}

func ctlSession(add func(...string), k Kind, p app.Profile) {
	if id := ownID(k, p); id != "" && p.IDMode == app.ClientIDFixed {
		add("-i", id)
	}
	if p.KeepAlive != 60*time.Second {
		add("-k", strconv.Itoa(seconds(p.KeepAlive)))
	}
	kept := keepsSession(k, p)
	if kept {
		add("-c")
	}
	if p.Version != app.V5 {
		return
	}
	if e := expiry(k, p); e == math.MaxUint32 && !kept { // -c alone means so
		add("-x", "-1")
	} else if e != math.MaxUint32 && (e > 0 || kept) {
		add("-x", strconv.FormatUint(uint64(e), 10))
	}
}

func ctlProperties(add func(...string), m *app.Properties) {
	if m == nil {
		return
	}
	if m.ContentType != "" {
		add("--content-type", m.ContentType)
	}
	if m.ResponseTopic != "" {
		add("--response-topic", m.ResponseTopic)
	}
	if len(m.CorrelationData) > 0 {
		add("--correlation-data", "hex:"+hex.EncodeToString(m.CorrelationData))
	}
	if m.MessageExpiry != nil {
		add("--expiry", strconv.FormatUint(uint64(*m.MessageExpiry), 10))
	}
	for _, u := range m.User {
		if canName(u) {
			add("--user-property", u.Name+"="+u.Value)
		}
	}
	if m.PayloadIsUTF8 {
		add("--utf8")
	}
}

// canName reports whether --user-property can name u.
func canName(u app.UserProperty) bool { return !strings.Contains(u.Name, "=") }

// ctlMissing names what the options of tidingsctl cannot say, besides what all
// commands leave out.
func ctlMissing(k Kind, in Input, lost func(string, bool)) {
	p, s := in.Profile, in.Profile.Security
	lost("ClientID", k != CtlDoctor && p.IDMode == app.ClientIDSuffix && p.ClientID != "")
	lost("Security.CA", p.TLS && s.CA.PEM != "")
	lost("Security.SkipVerify", p.TLS && s.SkipVerify)
	lost("Security", p.TLS && (len(s.ALPN) > 0 || s.MinVersion != 0 || s.WithoutSystem && s.CA.File != ""))
	if m := in.Template.Properties; m != nil && k == CtlPublish {
		for _, u := range m.User {
			lost("Templates", !canName(u))
		}
	}
}
