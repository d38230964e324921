package app

// SecretKind says what a secret of a profile is for.
type SecretKind byte

// The kinds of secret that a profile can have.
const (
	SecretPassword      SecretKind = iota + 1 // password or token of CONNECT
	SecretKey                                 // private key of the client certificate: PEM or PKCS#12
	SecretKeyPassphrase                       // what the private key is encrypted with
	SecretProxyPassword                       // password at the proxy
	SecretHeaders                             // values of the secret HTTP headers: see TakeHeaders
	SecretQuery                               // query of the WebSocket's URL: see TakeQuery
)

// SecretKinds returns every kind, in the order in which they are shown.
func SecretKinds() []SecretKind {
	return []SecretKind{SecretPassword, SecretKey, SecretKeyPassphrase, SecretProxyPassword, SecretHeaders, SecretQuery}
}

// Text returns the kind in words.
func (k SecretKind) Text() Text {
	switch k {
	case SecretKey:
		return Say("secrets.of.key")
	case SecretKeyPassphrase:
		return Say("secrets.of.key_passphrase")
	case SecretProxyPassword:
		return Say("secrets.of.proxy_password")
	case SecretHeaders:
		return Say("secrets.of.headers")
	case SecretQuery:
		return Say("secrets.of.query")
	}
	return Say("secrets.of.password")
}

// SecretRef names one secret: whose it is and what for. It is no secret
// itself.
type SecretRef struct {
	Profile string // the profile's ID
	Kind    SecretKind
}

// Secrets are the secrets of one connection by their kinds. A kind that is
// missing is not sent.
type Secrets map[SecretKind]Secret

// SecretPlace says where a secret is kept. Plain text is no such place.
type SecretPlace byte

// The places, from none to the most lasting.
const (
	PlaceNone    SecretPlace = iota // nowhere
	PlaceOpen                       // in memory, until the connection is closed
	PlaceSession                    // in memory, until the program ends
	PlaceKeyring                    // in the keyring of the system
	PlaceVault                      // in the vault file, under a passphrase
)

// Text returns the place in words.
func (p SecretPlace) Text() Text {
	switch p {
	case PlaceOpen:
		return Say("secrets.place.open")
	case PlaceSession:
		return Say("secrets.place.session")
	case PlaceKeyring:
		return Say("secrets.place.keyring")
	case PlaceVault:
		return Say("secrets.place.vault")
	}
	return Say("secrets.place.none")
}

// VaultState says what a person can do with the vault.
type VaultState byte

// The states of the vault.
const (
	VaultNone     VaultState = iota // there is no vault yet
	VaultLocked                     // it opens with its passphrase
	VaultUnlocked                   // it is open until it is locked or the program ends
	VaultUnusable                   // its file cannot be read, or is of a newer version
)

// HeldSecret says where one secret is.
type HeldSecret struct {
	Ref SecretRef
	// Place is PlaceSession when neither keyring nor vault takes it now: it
	// moves there by itself as soon as one does.
	Place SecretPlace
}

// SecretStatus is what is known about the kept secrets at one moment. It
// holds none of them.
type SecretStatus struct {
	Held         []HeldSecret // by profile, then by kind
	Vault        VaultState
	VaultError   *Error // why the vault is unusable; nil otherwise
	KeyringAsked bool   // the keyring has been asked at least once
	KeyringError *Error // why the keyring did not answer the last time; nil when it did
}
