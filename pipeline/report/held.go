package report

import "context"

// writeHeld writes the page of a run that a gate held.
func (m *maker) writeHeld(context.Context) error {
	q := quality{
		Held:     true,
		Why:      m.gateSection("why", "Why it is held", true),
		Sections: []section{m.sourceSection(), m.gateSection("gate", "All that the gate checked", false)},
		Caveats: []caveat{
			{Head: "Find out what happened", Text: "Each line above says what was observed, what was expected and whom to ask. A file that is half empty, a code list that changed and a date in another format all look like this."},
			{Head: "If the input is wrong", Text: "Have it delivered again and run the job once more. Nothing needs to be undone: no list was written and no earlier list was touched."},
			{
				Head:    "If the input is right",
				Text:    "Two different people release the run, each with a reason. With the second, the run goes on, and its figures are what the next run is held against. Each of them types:",
				Command: "rollcall runs release " + m.cfg.RunID + " --by YOUR-NAME --reason \"WHY IT IS RIGHT\"",
			},
			{Head: "Until then", Text: "The last good run stays the last good run. Its lists stay valid for the day that they name."},
		},
	}
	return m.writePage(File{Name: "index.html", About: "why the run is held"}, "held", "HELD: no list was written", q)
}
