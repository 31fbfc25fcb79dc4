// Package testserver starts a PostgreSQL for tests, where one is installed.
package testserver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL of the test's own, reached through a socket in its folder.
type Server struct {
	folder string
	bin    string
	user   *syscall.Credential // postgres refuses to run as root
}

// Start starts a PostgreSQL that ends with the test, or skips the test
// where none is installed.
func Start(t *testing.T) *Server {
	t.Helper()
	s := &Server{bin: binaries()}
	if s.bin == "" {
		t.Skip("PostgreSQL is not installed: left out: reading from a database")
	}
	// Not t.TempDir: its parents are closed to other users, and a socket's path
	// must be short.
	folder, err := os.MkdirTemp("", "pg")
	check(t, err)
	s.folder = folder
	t.Cleanup(func() { os.RemoveAll(folder) })
	if os.Geteuid() == 0 {
		s.user = unprivileged(t)
		check(t, os.Chown(folder, int(s.user.Uid), int(s.user.Gid)))
	}
	s.run(t, "initdb", "-D", s.data(), "-U", "rollcall", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	s.run(t, "pg_ctl", "-D", s.data(), "-w", "-t", "30", "-l", filepath.Join(folder, "log"),
		"-o", fmt.Sprintf("-k %s -c listen_addresses='' -c fsync=off", folder), "start")
	t.Cleanup(func() { s.run(t, "pg_ctl", "-D", s.data(), "-w", "-m", "immediate", "stop") })
	return s
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// DSN is the connection string.
func (s *Server) DSN() string {
	return fmt.Sprintf("host=%s user=rollcall dbname=postgres password=secret", s.folder)
}

func (s *Server) run(t *testing.T, name string, args ...string) {
	t.Helper()
	c := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...)
	c.Dir = s.folder
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.user}
	// A file rather than a pipe: the server keeps it open when pg_ctl has ended.
	out, err := os.CreateTemp(s.folder, "out")
	check(t, err)
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	if err := c.Run(); err != nil {
		told, _ := os.ReadFile(out.Name())
		t.Fatalf("%s: %v\n%s", name, err, told)
	}
}

// Exec runs SQL statements.
func (s *Server) Exec(t *testing.T, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DSN())
	check(t, err)
	defer conn.Close(t.Context())
	for _, q := range statements {
		if _, err := conn.Exec(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// binaries finds the folder of the newest PostgreSQL; "" when there is none.
func binaries() string {
	if out, err := exec.CommandContext(context.Background(), "pg_config", "--bindir").Output(); err == nil {
		if folder := strings.TrimSpace(string(out)); isExecutable(filepath.Join(folder, "initdb")) {
			return folder
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if brew, _ := filepath.Glob("/opt/homebrew/opt/postgresql@*/bin/initdb"); len(found) == 0 {
		found = brew
	}
	if len(found) == 0 {
		return ""
	}
	sort.Strings(found)
	return filepath.Dir(found[len(found)-1])
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o111 != 0
}

// unprivileged finds a user as whom root may run the server.
func unprivileged(t *testing.T) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		check(t, err)
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		check(t, err)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Skip("no user postgres or nobody to run PostgreSQL as: left out: reading from a database")
	return nil
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
