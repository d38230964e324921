package desk

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"tidings/app"
)

// Without a keyring every connection fails to read its secrets: the log says
// so once.
func TestAMissingKeyringIsOneWarning(t *testing.T) {
	var log bytes.Buffer
	d := &Desk{p: Params{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}}
	for range 3 {
		d.unread(t.Context(), app.SecretPassword, errors.New("no bus"))
	}
	if text := log.String(); strings.Count(text, "level=WARN") != 1 || strings.Count(text, "level=DEBUG") != 2 || strings.Count(text, "no bus") != 3 {
		t.Errorf("the log says\n%s", text)
	}
}
