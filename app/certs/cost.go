package certs

import (
	"encoding/asn1"
	"math/big"
)

// What opening an encrypted key may cost. Files name the rounds of their own
// key derivation, and a number is all it takes to keep a processor busy for
// days; nothing stops a derivation that has begun.
// Programs write 2,048 to 600,000 rounds (OpenSSL, NSS), careful people a million.
const (
	maxRounds = 1 << 20       // of PBKDF2 (RFC 8018 §5.2) and PKCS#12 (RFC 7292 §B.2): some tenths of a second
	maxScrypt = 2 << 20       // N·r·p of scrypt (RFC 7914): 256 MiB
	allRounds = 4 * maxRounds // of one file: PKCS#12 has three derivations
	maxDepth  = 40            // of nested values
)

// costly reports whether DER asks for more than that: a salt, which is an OCTET
// STRING, followed by one or two numbers (rounds and a length) or by more of
// them (those of scrypt). Into encrypted parts hidesKey looks.
func costly(der []byte) bool {
	left := int64(allRounds)
	return costs(der, maxDepth, &left)
}

// costs takes what der asks for from the rounds that are left, and reports
// whether that is too much.
func costs(der []byte, depth int, left *int64) bool {
	if depth == 0 {
		return true
	}
	var numbers []*big.Int
	salted := false
	check := func() bool {
		defer func() { numbers, salted = nil, false }()
		return salted && expensive(numbers, left)
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
		if (v.IsCompound || octets && len(v.Bytes) > 1 && v.Bytes[0] == 0x30) && costs(v.Bytes, depth-1, left) {
			return true
		}
	}
	return check()
}

func expensive(numbers []*big.Int, left *int64) bool {
	if len(numbers) == 0 {
		return false
	}
	rounds := numbers[0]
	if len(numbers) >= 3 {
		rounds = big.NewInt(maxRounds)
		if product := new(big.Int).Mul(numbers[0], numbers[1]); product.Mul(product, numbers[2]).CmpAbs(big.NewInt(maxScrypt)) > 0 {
			return true
		}
	}
	if rounds.CmpAbs(big.NewInt(maxRounds)) > 0 {
		return true
	}
	*left -= new(big.Int).Abs(rounds).Int64()
	return *left < 0
}
