// Package token says who may ask what of a running balancer: tokens, their roles and the file that lists them. The
// file holds no token, only the SHA-256 of each, so that reading it lets nobody in. It opens no socket and has
// no goroutine.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Role is what the holder of a token may do. A higher one may do all that a lower one may.
type Role int

// The roles, from the least.
const (
	Nobody Role = iota
	Viewer
	Operator
)

var roleNames = []string{"nobody", "viewer", "operator"}

// Roles are those that a token can have.
func Roles() []string { return roleNames[Viewer:] }

// String is the name of the role, as ParseRole reads it.
func (r Role) String() string { return roleNames[r] }

// ParseRole reads the name of a role.
func ParseRole(s string) (Role, error) {
	for r := Viewer; r <= Operator; r++ {
		if s == r.String() {
			return r, nil
		}
	}
	return Nobody, fmt.Errorf("%q is no role: want %s", s, strings.Join(Roles(), " or "))
}

// Holder is who a token was given to.
type Holder struct {
	Role Role
	Name string // 1 to 64 letters, digits, . _ @ -
}

var names = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,64}$`)

// CheckName says what is wrong with a holder's name, nil when nothing is.
func CheckName(name string) error {
	if !names.MatchString(name) {
		return fmt.Errorf("%q is no name: want 1 to 64 letters, digits, . _ @ -", name)
	}
	return nil
}

// prefix lets people, and programs that look for leaked secrets, see what it is.
const prefix = "slbtui_"

// New makes a token and its line for the file. The token is 256 random bits: nobody guesses it, so that a fast
// hash is enough.
func New(h Holder) (token, line string) {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // it never fails
	token = prefix + base64.RawURLEncoding.EncodeToString(secret[:])
	sum := sha256.Sum256([]byte(token))
	return token, fmt.Sprintf("%s %s %s", h.Role, h.Name, hex.EncodeToString(sum[:]))
}
