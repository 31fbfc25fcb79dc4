package jobs

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestNotifyHasATimeLimitAlsoForItsChildren(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "slow.sh"), []byte("#!/bin/sh\n(sleep 3; touch late) &\nsleep 60\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := tell(context.Background(), folder, []string{"./slow.sh"}, Message{}, 100*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "longer than 100ms") {
		t.Errorf("error %v", err)
	}
	time.Sleep(3500 * time.Millisecond)
	if _, err := os.Stat(filepath.Join(folder, "late")); err == nil {
		t.Error("its child outlived it")
	}
}
