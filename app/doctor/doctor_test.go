package doctor_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/i18n"
	"tidings/brokerlocal/brokertest"
)

func TestMain(m *testing.M) {
	_ = os.Unsetenv("SSLKEYLOGFILE") // a diagnosis tells of it
	goleak.VerifyTestMain(m)
}

// options are those of a plain connection.
func options(host string, port int) app.ConnectOptions {
	p := app.DefaultProfile()
	p.Host, p.Port = host, port
	return p.Options(nil)
}

// examine runs a doctor and logs what it says.
func examine(t *testing.T, p doctor.Params) doctor.Report {
	t.Helper()
	if p.Step == 0 {
		p.Step = 20 * time.Second
	}
	r := doctor.New(p).Run(t.Context())
	t.Log(r.Text(i18n.New("en")))
	if r.Running || r.Took <= 0 {
		t.Errorf("the report says that the doctor is at work, or took %v", r.Took)
	}
	return r
}

// verdicts are the steps in short: "resolve ok".
func verdicts(r doctor.Report) string {
	var list []string
	for _, s := range r.Steps {
		list = append(list, strings.TrimPrefix(s.Kind.Text().Key, "doctor.step.")+" "+s.Verdict.String())
	}
	return strings.Join(list, ", ")
}

func TestAWorkingConnection(t *testing.T) {
	srv := brokertest.Run(t)
	for _, v := range []app.Version{app.V31, app.V311, app.V5} {
		t.Run(v.String(), func(t *testing.T) {
			o := options(srv.Host, srv.Port)
			o.Version = v
			r := examine(t, doctor.Params{Options: o, Topic: "lab/doctor"})
			want := "settings ok, resolve ok, tcp ok, connect ok, ping ok, subscribe ok, publish ok"
			if got := verdicts(r); got != want || r.Verdict() != doctor.OK {
				t.Errorf("%s: %s\nwant %s", r.Verdict(), got, want)
			}
		})
	}
}
