package app

// Wants reports whether a connection of p has a use for a kind of secret, when
// those of the kinds before it are got.
func (p Profile) Wants(kind SecretKind, got Secrets) bool {
	switch kind {
	case SecretPassword:
		return p.User != ""
	case SecretKey:
		return p.TLS
	case SecretKeyPassphrase:
		return p.TLS && (got[SecretKey] != "" || !p.Security.Certificate.IsZero() || !p.Security.Key.IsZero())
	case SecretProxyPassword:
		return (p.Link.Proxy.Kind == ProxyHTTP || p.Link.Proxy.Kind == ProxySOCKS5) && p.Link.Proxy.User != ""
	case SecretHeaders:
		_, missing := FillHeaders(p.Link.Headers, "")
		return p.Link.Transport == TransportWS && missing >= 0
	case SecretQuery:
		return lacksQuery(p.Link)
	}
	return false
}

// Proves reports whether the password of p is proved and never sent (MQTT 5.0
// §4.12).
func (p Profile) Proves() bool {
	return p.Version == V5 && p.Session.AuthenticationMethod == MethodSCRAM
}
