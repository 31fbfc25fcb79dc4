package config

import (
	"regexp"
	"strings"

	"rollcall/jobs/cases"
)

// namesSecret is how a line begins whose value is likely a secret, whatever else is
// wrong with the file: its shape is not known while it cannot be read.
var namesSecret = regexp.MustCompile(`(?i)(\bpass|password|passwd|passphrase|secret|token|dsn)["']?\s*:|://[^/\s:@]*:[^/\s@]+@`)

const pemEnd = "-----END"

// hideSecrets keeps lines that look like secrets out of messages, a key of several
// lines as far as it goes.
func (d *document) hideSecrets() {
	inKey := false
	for i, line := range d.lines {
		private := cases.HoldsPrivateKey(line)
		inKey = inKey || private && strings.Contains(line, "-----BEGIN")
		if private || inKey || namesSecret.MatchString(line) {
			d.hidden[i+1] = true
		}
		inKey = inKey && !strings.Contains(line, pemEnd)
	}
}

// hide keeps the lines of a secret out of messages.
func (d *document) hide(e entry) {
	last := e.value.at.line + strings.Count(e.value.text, "\n")
	for line := e.at.line; line <= max(last, e.at.line); line++ {
		d.hidden[line] = true
	}
}

const makeNewKey = "Make a new one and give its public half: this one has stood in a file, and whoever has seen it can use it"

// failPrivate notes a private key in place of a value, without showing it.
func (n *node) failPrivate(s shape) {
	expected := "a private key does not belong into this file"
	if s.check != nil {
		if err := s.check(n.text); err != nil && !cases.HoldsPrivateKey(err.Error()) {
			expected = err.Error()
		}
	}
	n.fail("%s is a private key, which is not shown; %s. %s", n.label(), expected, makeNewKey)
}
