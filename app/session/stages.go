package session

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"

	"tidings/app"
	"tidings/app/hush"
	"tidings/app/session/adapter"
	"tidings/app/session/link"
)

// traced returns the context of an attempt: its stages go into the log.
func (r *run) traced() context.Context {
	secrets := hush.Of(r.opts)
	return link.WithTrace(r.ctx, &link.Trace{End: func(s link.Step) {
		text := secrets.Text(stageLine(s))
		if text.IsZero() {
			return
		}
		r.update(func() {
			r.s.append(Entry{Text: text, Step: true})
			if s.Err == nil {
				r.s.way.passed(s)
			}
		})
	}})
}

// stageLine says how a stage went: to whom, how long, and why not. The zero Text says nothing: of two
// addresses the faster one is taken, and that the other was left is no news.
func stageLine(s link.Step) app.Text {
	switch {
	case errors.Is(s.Err, context.Canceled):
		return app.Text{}
	case s.Err != nil:
		return app.Say("session.log.step_failed", "Stage", stageName(s.Stage), "Address", s.Address, "Took", s.Took, "Detail", adapter.Said(s.Err.Error()))
	case s.Stage == link.StageResolve:
		return app.Say("session.log.step_resolved", "Host", s.Address, "Addresses", strings.Join(s.Addresses, ", "), "Took", s.Took)
	case s.Stage == link.StageTLS && s.TLS != nil:
		return app.Say("session.log.step_tls", "Version", tls.VersionName(s.TLS.Version), "Address", s.Address, "Took", s.Took)
	}
	return app.Say("session.log.step", "Stage", stageName(s.Stage), "Address", s.Address, "Took", s.Took)
}

// stageName is the stage as people who know it call it, in any language.
func stageName(s link.Stage) string {
	return map[link.Stage]string{
		link.StageResolve: "DNS", link.StageTCP: "TCP", link.StageProxy: "Proxy", link.StageTLS: "TLS", link.StageWebSocket: "WebSocket",
	}[s]
}
