package review

import (
	"fmt"
	"strings"

	"rollcall/jobs/cases"
)

// SignatureSuffix is what the name of a file's signature ends in.
const SignatureSuffix = ".sig"

// Sign signs a file with a person's private key: the text of the signature's file.
func (f *File) Sign(person, private string) (string, error) {
	proof, err := cases.Sign(cases.FileStatement(f.SHA256), private, "")
	if err != nil {
		return "", err
	}
	// The line of a signed note begins with the name of its key.
	if !strings.HasPrefix(proof.Signature, "— "+person+" ") {
		return "", fmt.Errorf("it is not the key of %s", person)
	}
	return proof.Statement + "\n" + proof.Signature, nil
}

// Signer finds who signed the file.
func (f *File) Signer(signature string, site cases.Site) (cases.Person, cases.Proof, error) {
	statement, line, ok := strings.Cut(strings.ReplaceAll(signature, "\r\n", "\n"), "\n\n")
	statement += "\n"
	switch {
	case !ok:
		return cases.Person{}, cases.Proof{}, fmt.Errorf("%w: its signature is not one of rollcall review sign", ErrFile)
	case statement != cases.FileStatement(f.SHA256):
		return cases.Person{}, cases.Proof{}, fmt.Errorf("%w: it was changed after it was signed: take the file as it was sent, or have it signed again", ErrFile)
	}
	for _, p := range site.People {
		proof := cases.Proof{Key: p.Key, Statement: statement, Signature: line}
		if p.Key != "" && proof.Verify() == nil {
			return p, proof, nil
		}
	}
	return cases.Person{}, cases.Proof{}, fmt.Errorf("%w: nobody whom the site file names has signed it", ErrFile)
}
