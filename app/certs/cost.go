package certs

import (
	"encoding/asn1"
	"math/big"
)

// What opening an encrypted key may cost. Files name the rounds of their own
// key derivation, and a number is all it takes to keep a processor busy for
// days; nothing stops a derivation that has begun.
const (
	maxRounds = 10_000_000 // of PBKDF2 (RFC 8018 §5.2) and PKCS#12 (RFC 7292 §B.2): seconds
	maxScrypt = 8 << 20    // N·r·p of scrypt (RFC 7914): 1 GiB
	maxDepth  = 40         // of nested values
)

// costly reports whether DER asks for more than that anywhere: a salt, which
// is an OCTET STRING, followed by one or two numbers (rounds and a length) or
// by more of them (those of scrypt). Into encrypted parts hidesKey looks.
func costly(der []byte, depth int) bool {
	if depth == 0 {
		return true
	}
	var numbers []*big.Int
	salted := false
	check := func() bool {
		defer func() { numbers, salted = nil, false }()
		return salted && expensive(numbers)
	}
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			break
		}
		der = rest
		n := new(big.Int)
		if _, err := asn1.Unmarshal(v.FullBytes, &n); err == nil && salted {
			numbers = append(numbers, n)
			continue
		}
		if check() {
			return true
		}
		octets := v.Class == asn1.ClassUniversal && v.Tag == asn1.TagOctetString && !v.IsCompound
		salted = octets
		// Files of PKCS#12 nest values in octet strings.
		if (v.IsCompound || octets && len(v.Bytes) > 1 && v.Bytes[0] == 0x30) && costly(v.Bytes, depth-1) {
			return true
		}
	}
	return check()
}

func expensive(numbers []*big.Int) bool {
	if len(numbers) < 3 {
		return len(numbers) > 0 && numbers[0].Cmp(big.NewInt(maxRounds)) > 0
	}
	product := big.NewInt(1)
	for _, n := range numbers[:3] {
		product.Mul(product, n)
	}
	return product.CmpAbs(big.NewInt(maxScrypt)) > 0
}
