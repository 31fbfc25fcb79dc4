package standardise

import (
	"hash/maphash"
	"strings"
	"sync"
)

// A memo has so many parts, each with its own lock and at most so many texts:
// 128 Ki in all.
const (
	memoParts     = 64
	memoPartTexts = 2048
)

type memoPart struct {
	mu    sync.Mutex
	texts map[string]string
}

// remembered is a function of a text that remembers its results, for columns
// with few different values. It may be called by several threads.
func remembered(call func(string) string) func(string) string {
	var parts [memoParts]memoPart
	seed := maphash.MakeSeed()
	return func(s string) string {
		p := &parts[maphash.String(seed, s)%memoParts]
		if v, ok := p.recall(s); ok {
			return v
		}
		v := strings.Clone(call(s)) // may be part of s, which DuckDB lends
		p.keep(strings.Clone(s), v)
		return v
	}
}

func (p *memoPart) recall(s string) (string, bool) {
	p.mu.Lock()
	v, ok := p.texts[s]
	p.mu.Unlock()
	return v, ok
}

func (p *memoPart) keep(s, v string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.texts == nil || len(p.texts) >= memoPartTexts {
		p.texts = map[string]string{}
	}
	p.texts[s] = v
}
