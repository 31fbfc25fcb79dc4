package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Why a ledger cannot be used as it stands. Nothing was written, and what was
// written before is whole.
var (
	ErrLocked  = errors.New("another process holds the ledger (a backup, or a shell that has it open): nothing was written; let it end and try again")
	ErrFull    = errors.New("there is no room on the disk for the ledger: nothing was written, and what it has is whole; make room and try again")
	ErrNewer   = errors.New("the ledger is of a newer program: nothing was changed; use that program")
	ErrDamaged = errors.New("the ledger is not whole: nothing was changed; keep what there is of it, and put its last backup in its place")
)

// refusals are what SQLite's result codes mean for a person.
func refusals() map[int]error {
	return map[int]error{
		sqlite3.SQLITE_BUSY: ErrLocked, sqlite3.SQLITE_LOCKED: ErrLocked, sqlite3.SQLITE_FULL: ErrFull,
		sqlite3.SQLITE_CORRUPT: ErrDamaged, sqlite3.SQLITE_NOTADB: ErrDamaged,
	}
}

// refuse says what an error of SQLite means; others stay as they are.
func refuse(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	if means := refusals()[e.Code()&0xff]; means != nil && !errors.Is(err, means) {
		return fmt.Errorf("%w (%w)", means, err)
	}
	return err
}

// checkWhole compares the file's length with what its first page says, which SQLite
// itself notices only when it comes to the pages that are not there. Where a journal
// lies beside it, SQLite makes the file whole from that.
func checkWhole(path string) error {
	if journal, err := os.Stat(path + "-wal"); err == nil && journal.Size() > 0 {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 { // a new one, see checkNotLost
		return nil
	}
	// Page size and number of pages: https://sqlite.org/fileformat2.html#the_database_header
	var head [32]byte
	if _, err := io.ReadFull(f, head[:]); err != nil {
		return ErrDamaged
	}
	page := int64(binary.BigEndian.Uint16(head[16:]))
	if page == 1 {
		page = 1 << 16
	}
	if pages := int64(binary.BigEndian.Uint32(head[28:])); info.Size() < page*pages {
		return fmt.Errorf("%w (it has %d bytes of %d)", ErrDamaged, info.Size(), page*pages)
	}
	return nil
}

// checkNotLost holds that a ledger which is not there, or empty, is one to be begun:
// where runs lie beside it, it is one that is lost, with all that was decided.
func checkNotLost(path string) error {
	state := "empty"
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		state = "gone"
	case err != nil || info.Size() > 0:
		return err
	}
	if journal, err := os.Stat(path + "-wal"); err == nil && journal.Size() > 0 {
		return nil
	}
	runs, err := filepath.Glob(filepath.Join(filepath.Dir(path), "runs", "*", "manifest.json"))
	if err != nil || len(runs) == 0 {
		return err
	}
	return fmt.Errorf("%w (it is %s, and the folders of %d runs lie beside it)", ErrDamaged, state, len(runs))
}
