package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Key is the secret of the data owner under which parts of files are sealed. A
// hash without a key over a row with an identity number tells the number to
// whoever tries them all.
type Key []byte

// KeyName is the key's file beside the ledger, where nothing names another.
const KeyName = "row.key"

const keyBytes = 32

// NoKeyError says that there is no key where one was looked for.
type NoKeyError struct{ File string }

func (e *NoKeyError) Error() string { return "there is no key of rows in " + e.File }

// ReadKey reads a key from its file, which nobody but its owner may read.
func ReadKey(file string) (Key, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &NoKeyError{file}
	}
	if err != nil {
		return nil, fmt.Errorf("read key of rows: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key of rows: others may read %s: chmod 600 it", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read key of rows: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("key of rows: %s does not hold %d hexadecimal digits", file, 2*keyBytes)
	}
	return key, nil
}

// MakeKey reads a key, and makes it where there is none.
func MakeKey(file string) (Key, error) {
	key, err := ReadKey(file)
	var none *NoKeyError
	if !errors.As(err, &none) {
		return key, err
	}
	if err := writeKey(file); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make key of rows: %w", err)
	}
	return ReadKey(file)
}

// writeKey gives a new key its name when it is whole, and never takes the place of
// one that another process made meanwhile.
func writeKey(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(file), ".key-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = fmt.Fprintln(part, hex.EncodeToString(key))
	if err := errors.Join(err, part.Sync(), part.Close()); err != nil {
		return err
	}
	return os.Link(part.Name(), file)
}

// ID tells keys apart and nothing of the key itself.
func (k Key) ID() string {
	return hex.EncodeToString(mac(k, "rollcall key of rows")[:8])
}

// Marks stand for values of one subject, so that it can be told later which of them
// changed, and without the key nothing of what they were: equal values of two subjects,
// or in two places of one, have different marks. It is "" without a key.
func (k Key) Marks(subject string, values []string) string {
	if k == nil {
		return ""
	}
	own, marks := mac(k, "marks\n"+subject), []byte{}
	for i, v := range values {
		sum := sha256.Sum256(append(binary.BigEndian.AppendUint32(slices.Clone(own), uint32(i)), v...))
		marks = append(marks, sum[:markBytes]...)
	}
	return k.ID()[:8] + "." + base64.RawStdEncoding.EncodeToString(marks)
}

// markBytes is the length of a mark: a change goes unseen once in 16 million.
const markBytes = 3

// Changed are the places in which two texts of Marks differ. It is false where that
// cannot be said: they are of two keys, or one of them is missing.
func Changed(before, after string) (places []int, ok bool) {
	key, one, ok := strings.Cut(before, ".")
	other, two, found := strings.Cut(after, ".")
	a, errA := base64.RawStdEncoding.DecodeString(one)
	b, errB := base64.RawStdEncoding.DecodeString(two)
	if !ok || !found || key != other || errA != nil || errB != nil || len(a) != len(b) {
		return nil, false
	}
	for i := 0; i+markBytes <= len(a); i += markBytes {
		if !bytes.Equal(a[i:i+markBytes], b[i:i+markBytes]) {
			places = append(places, i/markBytes)
		}
	}
	return places, true
}

// of is the seal of one file of one run: equal rows of two files, or of two runs,
// have seals that nobody can tell to be of equal rows.
func (k Key) of(runID, path string) hash.Hash {
	return hmac.New(sha256.New, mac(k, runID+"\n"+path))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
