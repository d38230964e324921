package secrets_test

import (
	"strings"
	"testing"

	"tidings/app"
	"tidings/profiles/secrets"
)

func TestPassphraseStrength(t *testing.T) {
	for _, tc := range []struct {
		passphrase string
		want       secrets.Strength
	}{
		{"", secrets.StrengthNone},
		{"   ", secrets.StrengthNone},
		{"a", secrets.StrengthWeak},
		{"password", secrets.StrengthWeak},
		{"Password123", secrets.StrengthWeak},
		{"senha 2026", secrets.StrengthWeak},
		{"пароль", secrets.StrengthWeak},
		{"qwertyuiop", secrets.StrengthWeak},
		{"йцукенгшщз", secrets.StrengthWeak},
		{"aaaaaaaaaaaaaaaaaaaa", secrets.StrengthWeak},
		{"abcdefghijklm", secrets.StrengthWeak},
		{"9876543210", secrets.StrengthWeak},
		{"sunshine", secrets.StrengthWeak},
		{"mosquitto mosquitto mosquitto", secrets.StrengthWeak},
		{"Greenhouse", secrets.StrengthWeak},
		{"x7Kp2q", secrets.StrengthFair},
		{"rT7#kq2v", secrets.StrengthGood},
		{"correct horse battery staple", secrets.StrengthGood},
		{"vaso nuvem trilho janela ontem", secrets.StrengthStrong},
		{"берег лампа ключи зимой тридцать", secrets.StrengthStrong},
		{"kV9$wz!Qe4Lm@Xr7", secrets.StrengthStrong},
	} {
		if got := secrets.PassphraseStrength(app.Secret(tc.passphrase)); got != tc.want {
			t.Errorf("%q: %d, want %d", tc.passphrase, got, tc.want)
		}
	}
}

func TestMoreIsNeverWeaker(t *testing.T) {
	for _, text := range []string{"vaso nuvem trilho janela ontem", "kV9$wz!Qe4Lm@Xr7", "password password password x"} {
		before := secrets.StrengthNone
		for i := range text {
			now := secrets.PassphraseStrength(app.Secret(text[:i]))
			if now+1 < before { // completing a common word may cost one level
				t.Errorf("%q: from %d to %d", text[:i], before, now)
			}
			before = now
		}
	}
}

func TestStrengthTakesAnyText(t *testing.T) {
	for _, text := range []string{"\xff\xfe", strings.Repeat("é", 50_000), "\x00", "🔑🔑🔑"} {
		if s := secrets.PassphraseStrength(app.Secret(text)); s == secrets.StrengthNone || s.Text().IsZero() {
			t.Errorf("%.10q: level %d", text, s)
		}
	}
}
