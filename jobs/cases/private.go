package cases

import "strings"

// HoldsPrivateKey tells whether a text is, or has in it, a private key: of age, as
// rollcall cases key makes it, or of SSH and TLS (RFC 7468, also without its first
// line). Such a text is never shown.
func HoldsPrivateKey(text string) bool {
	folded := strings.ToUpper(text)
	for _, mark := range []string{"SECRET-KEY-", "PRIVATE+KEY", "PRIVATE KEY-----"} {
		if strings.Contains(folded, mark) {
			return true
		}
	}
	// How the base64 of OpenSSH's openssh-key-v1 and of an Ed25519 key in PKCS #8 (RFC 8410) begins.
	return strings.Contains(text, "b3BlbnNzaC1rZXktdj") || strings.Contains(text, "MC4CAQAwBQYDK2VwBCIEI")
}
