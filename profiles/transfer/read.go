package transfer

import (
	"bytes"
	"context"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/cmdline"
	"tidings/profiles/transfer/explorer"
	"tidings/profiles/transfer/internal/draft"
	"tidings/profiles/transfer/mosquitto"
	"tidings/profiles/transfer/mqttfx"
	"tidings/profiles/transfer/mqttspy"
	"tidings/profiles/transfer/mqttx"
	"tidings/profiles/transfer/pack"
)

// MaxFile is the largest file that Read takes, in bytes. Whoever reads the
// file for it need not read more than one byte beyond.
const MaxFile = draft.MaxFile

// Read returns what data holds. name is the name of its file, empty for a
// pasted text; passphrase opens the secrets in a file of our own, and is empty
// for none. It never fails: what is wrong stands in the preview. It may take
// a second or two, so call it in a worker. When ctx ends it returns as soon as
// it can, and what it returns is of no use. Safe for concurrent use.
func Read(ctx context.Context, name string, data []byte, passphrase app.Secret) moving.Preview {
	p := read(ctx, name, data, passphrase)
	for i := range p.Items {
		fit(&p.Items[i])
	}
	return p
}

func read(ctx context.Context, name string, data []byte, passphrase app.Secret) moving.Preview {
	if len(data) > MaxFile {
		return moving.Preview{Problems: []*app.Error{draft.TooLarge(MaxFile)}}
	}
	format := Detect(name, data)
	data = plain(data)
	switch format {
	case moving.FormatTidings:
		return pack.Read(ctx, data, passphrase)
	case moving.FormatMQTTX:
		return mqttx.Read(ctx, data)
	case moving.FormatExplorer:
		return explorer.Read(ctx, data)
	case moving.FormatMQTTfx:
		return mqttfx.Read(ctx, data)
	case moving.FormatMQTTSpy:
		return mqttspy.Read(ctx, data)
	case moving.FormatMosquitto:
		return mosquitto.ReadConf(ctx, data)
	case moving.FormatMosquittoClient:
		return mosquitto.ReadDefaults(name, data)
	case moving.FormatCommand:
		return cmdline.Read(ctx, data)
	case moving.FormatURL:
		return cmdline.ReadURL(string(bytes.TrimSpace(data)))
	}
	return moving.Preview{Problems: []*app.Error{unknown(data)}}
}

func unknown(data []byte) *app.Error {
	line, _, _ := bytes.Cut(data[:min(len(data), head)], []byte("\n"))
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return draft.Nothing()
	case bytes.Contains(line, []byte("client_id")) && bytes.Contains(line, []byte("connection_name")):
		return &app.Error{What: app.Say("moving.mqttx_csv"), Do: app.Say("moving.mqttx_xml.do")}
	case bytes.HasPrefix(data, []byte("SQLite format 3")):
		return &app.Error{What: app.Say("moving.database"), Do: app.Say("moving.database.do")}
	case bytes.Contains(data[:min(len(data), head)], []byte("<oneConnection")):
		return &app.Error{What: app.Say("moving.mqttx_xml"), Do: app.Say("moving.mqttx_xml.do")}
	}
	return &app.Error{What: app.Say("moving.unknown"), Do: app.Say("moving.unknown.do")}
}
