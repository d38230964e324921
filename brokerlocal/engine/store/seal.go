package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
)

// sealBytes is what a seal takes: the checksum of key and value, so that a
// value which rotted on the disk, or stands in another's place, is found and
// not delivered.
const sealBytes = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}

// seal appends the checksum of key and of buf from start on.
func seal(buf []byte, start int, key []byte) []byte {
	return binary.BigEndian.AppendUint32(buf, checksum(key, buf[start:]))
}

// unseal returns what was sealed.
func unseal(b Bucket, key, value []byte) ([]byte, error) {
	n := len(value) - sealBytes
	if n < 0 || checksum(key, value[:n]) != binary.BigEndian.Uint32(value[n:]) {
		return nil, damaged(b, key, "checksum")
	}
	return value[:n], nil
}

// Seal returns what a KV keeps under key for value: that and its checksum.
func Seal(key, value []byte) []byte { return seal(slices.Clone(value), 0, key) }

// Unseal returns the value that Seal was given. The error wraps ErrDamaged.
func Unseal(b Bucket, key, sealed []byte) ([]byte, error) { return unseal(b, key, sealed) }

// damaged returns an error that names the place.
func damaged(b Bucket, key []byte, what string) error {
	return fmt.Errorf("%w: %s of %q in bucket %s", ErrDamaged, what, key[:min(len(key), 64)], b)
}
