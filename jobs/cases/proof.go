package cases

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Proof is how it is known who decided: by the account of the operating system
// under which the program ran, or by a signature.
type Proof struct {
	Account string `json:"account,omitempty"`
	// Key is the public key, Statement what was signed with it, and Signature the
	// last line of the signed note (golang.org/x/mod/sumdb/note).
	Key       string `json:"key,omitempty"`
	Statement string `json:"statement,omitempty"`
	Signature string `json:"signature,omitempty"`
}

// How names the proof in words.
func (p Proof) How() string {
	if p.Key != "" {
		return "signed with key " + keyName(p.Key)
	}
	return "account " + p.Account
}

// keyName is a public key without the key itself: the person and eight digits.
func keyName(key string) string {
	name, rest, _ := strings.Cut(key, "+")
	hash, _, _ := strings.Cut(rest, "+")
	return name + "+" + hash
}

// NewKey makes a key for a person: the private half, for a file of that person
// alone, and the public half, for the site file.
func NewKey(person string) (private, public string, err error) {
	private, public, err = note.GenerateKey(rand.Reader, person)
	if err != nil {
		return "", "", fmt.Errorf("make key: %w", err)
	}
	return private, public, nil
}

// CheckKey tells what is wrong with a public key.
func CheckKey(public string) error {
	if _, err := note.NewVerifier(public); err != nil {
		return errors.New("a public key as rollcall cases key prints it is expected")
	}
	return nil
}

// Sign signs a statement, which ends in a line feed, with a person's private key;
// public is the other half, as the site file has it.
func Sign(statement, private, public string) (Proof, error) {
	signer, err := note.NewSigner(strings.TrimSpace(private))
	if err != nil {
		return Proof{}, fmt.Errorf("read private key: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: statement}, signer)
	if err != nil {
		return Proof{}, fmt.Errorf("sign: %w", err)
	}
	return Proof{Key: public, Statement: statement, Signature: strings.TrimPrefix(string(signed), statement+"\n")}, nil
}

// Verify tells whether the signature is of the statement and of the key.
func (p Proof) Verify() error {
	verifier, err := note.NewVerifier(p.Key)
	if err != nil {
		return fmt.Errorf("key %s: %w", keyName(p.Key), err)
	}
	if _, err := note.Open([]byte(p.Statement+"\n"+p.Signature), note.VerifierList(verifier)); err != nil {
		return fmt.Errorf("it is not signed with key %s: %w", keyName(p.Key), err)
	}
	return nil
}

// Statement is what a person signs who decides: the whole request as JSON with
// sorted names, so that nothing of it can be exchanged later.
func (r Request) Statement(job string) string {
	sum := sha256.Sum256([]byte(r.Note))
	fields := map[string]string{
		"job": job, "case": r.CaseID, "version": fmt.Sprint(r.Version), "act": string(r.Act), "on": day(r.On), "person": r.Person, "for": r.For,
		"reason": r.ReasonCode, "note_sha256": hex.EncodeToString(sum[:]), "arrears": r.Arrears, "told_to": r.ToldTo, "evidence": r.Evidence,
	}
	if !r.AnswerBy.IsZero() {
		fields["answer_by"] = day(r.AnswerBy)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // texts only
	}
	return "rollcall decision\n" + string(text) + "\n"
}

// FileStatement is what a reviewer signs who sends back a file of decisions.
func FileStatement(fileSHA256 string) string { return "rollcall review\n" + fileSHA256 + "\n" }

// ConfigurationStatement is what a person signs who wrote or approved a version of
// a job's configuration.
func ConfigurationStatement(job, configSHA256, part string) string {
	return "rollcall configuration\n" + job + "\n" + configSHA256 + "\n" + part + "\n"
}

// DeletionStatement is what a person signs who deletes files of a job's runs; the hash
// is over the list of them.
func DeletionStatement(job, listSHA256 string) string {
	return "rollcall prune\n" + job + "\n" + listSHA256 + "\n"
}

// ReleaseStatement is what a person signs who lets a held run go.
func ReleaseStatement(runID, reason string) string {
	sum := sha256.Sum256([]byte(reason))
	return "rollcall release\n" + runID + "\n" + hex.EncodeToString(sum[:]) + "\n"
}

// CheckSigner tells whether a person may sign a statement and whether the proof is
// the person's.
func (s Site) CheckSigner(person, statement string, proof Proof, approves bool) error {
	p, ok := s.Person(person)
	switch {
	case !ok:
		return refuse("the site file names no person %q", person)
	case p.Role == Auditor:
		return refuse("%s is an auditor, who reads and does not decide", person)
	case approves && p.Role != Approver:
		return refuse("%s is an officer; an approver has to do it", person)
	}
	return p.proven(proof, statement)
}

// checkProof: the person is the one whose account or key it is.
func (s Site) checkProof(job string, r Request) error {
	p, ok := s.Person(r.Person)
	if !ok {
		return refuse("the site file names no person %q", r.Person)
	}
	statement := r.Statement(job)
	if r.File != "" {
		statement = FileStatement(r.File)
	}
	return p.proven(r.Proof, statement)
}

// proven tells whether a proof is the person's and of the statement.
func (p Person) proven(proof Proof, statement string) error {
	switch {
	case proof.Key != "" && proof.Key != p.Key:
		return refuse("key %s is not the one that the site file has for %s", keyName(proof.Key), p.ID)
	case proof.Key != "" && proof.Statement != statement:
		return refuse("the signature is of another decision")
	case proof.Key != "":
		if err := proof.Verify(); err != nil {
			return refuse("%v", err)
		}
		return nil
	case p.Account == "" && p.Key == "":
		return refuse("the site file gives %s neither an account nor a key, so nobody can be known as %[1]s", p.ID)
	case p.Account == "" || proof.Account != p.Account:
		return refuse("the program runs under account %q, and that of %s is %s: decide under it, or sign with --key", proof.Account, p.ID, orNone(p.Account))
	}
	return nil
}
