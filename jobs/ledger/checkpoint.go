package ledger

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Tree is the log as a transparency log: the Merkle tree of RFC 6962 over the JSON
// of its entries. Its head stands for all of them, and short proofs show that an
// entry is among them, or that a later tree has only added to an earlier one.
type Tree struct {
	entries []Entry
	hashes  stored
}

// stored are the hashes of a tree in the order of tlog.StoredHashIndex.
type stored []tlog.Hash

// ReadHashes gives the hashes with the given indexes.
func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at >= int64(len(s)) {
			return nil, fmt.Errorf("the tree has no hash %d", at)
		}
		out[i] = s[at]
	}
	return out, nil
}

// Tree is the tree over the entries of the log now.
func (l *Ledger) Tree(ctx context.Context) (Tree, error) {
	log, err := l.Log(ctx)
	if err != nil {
		return Tree{}, err
	}
	t := Tree{entries: log}
	for i, e := range log {
		more, err := tlog.StoredHashes(int64(i), []byte(e.JSON), t.hashes)
		if err != nil {
			return Tree{}, fmt.Errorf("ledger: tree of the log: %w", err)
		}
		t.hashes = append(t.hashes, more...)
	}
	return t, nil
}

// Checkpoint is the head of a tree, as a signed note says it
// (https://c2sp.org/tlog-checkpoint).
type Checkpoint struct {
	Origin  string // name of the key that signed
	Entries int64
	Root    tlog.Hash
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Entries, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// Sign is the checkpoint of the whole tree, signed with a private key as
// CheckpointKey and `rollcall cases key` make it.
func (t Tree) Sign(private string) ([]byte, error) {
	signer, err := note.NewSigner(strings.TrimSpace(private))
	if err != nil {
		return nil, fmt.Errorf("read private key: %w", err)
	}
	n := int64(len(t.entries))
	root, err := tlog.TreeHash(n, t.hashes)
	if err != nil {
		return nil, fmt.Errorf("head of the log's tree: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: Checkpoint{signer.Name(), n, root}.text()}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint reads a checkpoint that was signed with the private half of a key.
// It forgives the line ends of other systems, and blank lines around it.
func OpenCheckpoint(signed []byte, public string) (c Checkpoint, err error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(public))
	if err != nil {
		return c, fmt.Errorf("read public key: %w", err)
	}
	signed = append(bytes.TrimSpace(bytes.ReplaceAll(signed, []byte("\r\n"), []byte("\n"))), '\n')
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return c, fmt.Errorf("open checkpoint: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 {
		return c, errors.New("open checkpoint: it is no checkpoint of a log")
	}
	c.Origin = lines[0]
	if c.Entries, err = strconv.ParseInt(lines[1], 10, 64); err == nil {
		c.Root, err = tlog.ParseHash(lines[2])
	}
	if err == nil && c.Entries < 0 {
		err = errors.New("it counts fewer than no entries")
	}
	if err != nil {
		return c, fmt.Errorf("open checkpoint: %w", err)
	}
	return c, nil
}

// Holds tells whether the log still begins with what the checkpoint stands for; an
// error that wraps ErrTampered says that it does not.
func (t Tree) Holds(c Checkpoint) error {
	if n := int64(len(t.entries)); n < c.Entries {
		return fmt.Errorf("%w: log: the checkpoint stands for %d entries, and there are %d: its end was cut off", ErrTampered, c.Entries, n)
	}
	root, err := tlog.TreeHash(c.Entries, t.hashes)
	if err != nil {
		return fmt.Errorf("head of the log's tree: %w", err)
	}
	if root != c.Root {
		return fmt.Errorf("%w: log: its first %d entries are not those that the checkpoint stands for", ErrTampered, c.Entries)
	}
	return nil
}

// Proof shows to somebody who has a checkpoint, and not the ledger, what the log
// says of one attempt, and that nothing was taken away since an earlier checkpoint.
type Proof struct {
	Checkpoint string      `json:"checkpoint"`      // signed
	Index      int64       `json:"index"`           // of the entry, from 0
	Entry      string      `json:"entry"`           // its JSON
	Inclusion  []tlog.Hash `json:"inclusion"`       // RFC 6962, 2.1.1
	Since      string      `json:"since,omitempty"` // the earlier checkpoint, signed
	// Consistency of the tree with the earlier one (RFC 6962, 2.1.2).
	Consistency []tlog.Hash `json:"consistency,omitempty"`
}

// Prove proves how an attempt ended.
func (t Tree) Prove(attempt int64) (p Proof, err error) {
	p.Index = -1
	for i, e := range t.entries {
		f := fields{}
		if err := json.Unmarshal([]byte(e.JSON), &f); err != nil {
			return p, fmt.Errorf("read entry %d of the log: %w", e.Seq, err)
		}
		if f["kind"] == entryEnded && f["attempt"] == fmt.Sprint(attempt) {
			p.Index, p.Entry = int64(i), e.JSON
		}
	}
	if p.Index < 0 {
		return p, fmt.Errorf("attempt %d: %w: it has not ended", attempt, ErrNotFound)
	}
	p.Inclusion, err = tlog.ProveRecord(int64(len(t.entries)), p.Index, t.hashes)
	return p, err
}

// ProveSince proves that the tree has only added to that of an earlier checkpoint.
func (t Tree) ProveSince(c Checkpoint) ([]tlog.Hash, error) {
	if err := t.Holds(c); err != nil {
		return nil, err
	}
	if c.Entries == 0 {
		return nil, nil
	}
	return tlog.ProveTree(int64(len(t.entries)), c.Entries, t.hashes)
}

// CheckpointKeyName is the file with the private key of the site beside the ledger,
// where nobody names another.
const CheckpointKeyName = "checkpoint.key"

// checkpointKeyName is the name of a key that the program makes.
const checkpointKeyName = "rollcall-ledger"

// CheckpointKey reads the private key of the site, or makes it where there is none.
func CheckpointKey(file string) (private string, err error) {
	data, err := os.ReadFile(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return string(data), err
	}
	private, _, err = note.GenerateKey(rand.Reader, checkpointKeyName)
	if err != nil {
		return "", fmt.Errorf("make key of checkpoints: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return "", fmt.Errorf("make key of checkpoints: %w", err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("make key of checkpoints: %w", err)
	}
	_, err = f.WriteString(private + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("make key of checkpoints: %w", err)
	}
	return private, nil
}

// PublicKey is the public half of a private key.
func PublicKey(private string) (string, error) {
	signer, err := note.NewSigner(strings.TrimSpace(private))
	if err != nil {
		return "", fmt.Errorf("read private key: %w", err)
	}
	parts := strings.SplitN(strings.TrimSpace(private), "+", 5) // PRIVATE+KEY+name+hash+key
	key, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil {
		return "", fmt.Errorf("read private key: %w", err)
	}
	public, _ := ed25519.NewKeyFromSeed(key[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(signer.Name(), public)
}
