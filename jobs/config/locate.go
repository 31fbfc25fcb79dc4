package config

import "strings"

// cutFile splits programmes/old_age.yaml#criteria[0].expression.
func cutFile(path string) (file, inside string, ok bool) { return strings.Cut(path, "#") }

// nearest finds the value of a path, or of the nearest path above it.
func (d *document) nearest(path string) (n *node, exact bool) {
	if d.root == nil {
		return nil, false
	}
	exact = true
	for {
		if n, ok := d.nodes[path]; ok {
			return n, exact
		}
		exact = false
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return d.root, false
		}
		// A field given in its short form has its value one step up.
		if n, ok := d.nodes[path[:cut]]; ok && n.form == scalar {
			return n, true
		}
		path = path[:cut]
	}
}
