// Package envelope closes files for named recipients and opens those that came for us,
// in the format of age (https://age-encryption.org/v1), whose tool opens and closes
// them on any machine.
package envelope

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Suffix is what the name of a closed file ends in.
const Suffix = ".age"

// CheckKey tells whether a text is the public key of a recipient.
func CheckKey(public string) error {
	if _, err := recipient(public); err != nil {
		return errors.New("a public key of age is expected, as age-keygen prints it: age1 and letters")
	}
	return nil
}

func recipient(public string) (age.Recipient, error) {
	found, err := age.ParseRecipients(strings.NewReader(public))
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, errors.New("several keys")
	}
	return found[0], nil
}

// Close closes what is written to it for those who have the private half of one of the
// public keys. The file is whole when the caller has closed the writer.
func Close(w io.Writer, publicKeys ...string) (io.WriteCloser, error) {
	var to []age.Recipient
	for _, k := range publicKeys {
		r, err := recipient(k)
		if err != nil {
			return nil, fmt.Errorf("close for %s: %w", k, err)
		}
		to = append(to, r)
	}
	return age.Encrypt(w, to...)
}

// Identity is a private key with which files are opened.
type Identity struct{ keys []age.Identity }

// ReadIdentity reads a private key from its file, as age-keygen writes it.
func ReadIdentity(file string) (Identity, error) {
	f, err := os.Open(file)
	if err != nil {
		return Identity{}, fmt.Errorf("read private key: %w", err)
	}
	defer f.Close()
	keys, err := age.ParseIdentities(f)
	if err != nil {
		return Identity{}, fmt.Errorf("read private key: %s is no identity file of age: %w", file, err)
	}
	return Identity{keys}, nil
}

// Public are the public halves of the identity's keys.
func (i Identity) Public() []string {
	var out []string
	for _, k := range i.keys {
		switch k := k.(type) {
		case *age.X25519Identity:
			out = append(out, k.Recipient().String())
		case *age.HybridIdentity:
			out = append(out, k.Recipient().String())
		}
	}
	return out
}

// ErrNotForUs tells that a file was closed for others.
var ErrNotForUs = errors.New("it was encrypted for others: none of its recipients has this private key")

// Open opens a closed file in memory, and no more than maxBytes of it.
func (i Identity) Open(closed []byte, maxBytes int64) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(closed), i.keys...)
	var nobody *age.NoIdentityMatchError
	if errors.As(err, &nobody) {
		return nil, ErrNotForUs
	}
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("decrypt: it was cut off or altered: %w", err)
	}
	if int64(len(data)) > maxBytes {
		return nil, fmt.Errorf("decrypt: it has more than %d MiB", maxBytes>>20)
	}
	return data, nil
}
