package files

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// workbook is what the cells of an XLSX sheet refer to (ECMA-376 part 1).
type workbook struct {
	archive *zip.Reader
	limit   int64 // of unpacked bytes
	sheets  []sheetRef
	date904 bool   // days are counted from 1904
	dates   []bool // by cell style: the number is a date or time
	strings []string
}

type sheetRef struct{ name, part string }

// openWorkbook reads all parts but the sheets.
func openWorkbook(content io.ReaderAt, size, limit int64) (*workbook, error) {
	archive, err := zip.NewReader(content, size)
	if err != nil {
		return nil, errors.New("truncated, or no XLSX workbook: " + err.Error())
	}
	w := &workbook{archive: archive, limit: limit}
	for _, read := range []func() error{w.readSheets, w.readStyles, w.readStrings} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// part opens a part of the workbook; nil when it has none of that name.
func (w *workbook) part(name string) (io.ReadCloser, error) {
	for _, f := range w.archive.File {
		if !strings.EqualFold(f.Name, name) {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return nil, damagedPart(name, err)
		}
		packed := int64(f.CompressedSize64)
		limited := &capped{in: in, limit: w.limit, packed: func() int64 { return packed }}
		return struct {
			io.Reader
			io.Closer
		}{limited, in}, nil
	}
	return nil, nil
}

// damagedPart tells an error inside the archive as text: it is never a clean end
// of what was read so far.
func damagedPart(name string, err error) error {
	var bomb *bombError
	if errors.As(err, &bomb) {
		return err
	}
	return errors.New("damaged workbook part " + name + ": " + err.Error())
}

func (w *workbook) decode(name string, into any) error {
	in, err := w.part(name)
	if err != nil || in == nil {
		return err
	}
	defer in.Close()
	if err := xml.NewDecoder(in).Decode(into); err != nil {
		return damagedPart(name, err)
	}
	return nil
}

func (w *workbook) readSheets() error {
	var book struct {
		Properties struct {
			Date1904 bool `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		Relation []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := w.decode("xl/workbook.xml", &book); err != nil {
		return err
	}
	if err := w.decode("xl/_rels/workbook.xml.rels", &relations); err != nil {
		return err
	}
	w.date904 = book.Properties.Date1904
	targets := map[string]string{}
	for _, r := range relations.Relation {
		target := strings.TrimPrefix(r.Target, "/")
		if !strings.HasPrefix(target, "xl/") {
			target = path.Join("xl", target)
		}
		targets[r.ID] = target
	}
	for _, s := range book.Sheets {
		w.sheets = append(w.sheets, sheetRef{s.Name, targets[s.ID]})
	}
	if len(w.sheets) == 0 {
		return errors.New("the workbook has no sheet")
	}
	return nil
}

// readStyles finds the cell styles that show a number as a date or time.
func (w *workbook) readStyles() error {
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode("xl/styles.xml", &sheet); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range sheet.Formats {
		codes[f.ID] = f.Code
	}
	for _, s := range sheet.Styles {
		code, own := codes[s.Format]
		w.dates = append(w.dates, own && isDateCode(code) || !own && isBuiltInDate(s.Format))
	}
	return nil
}

// isBuiltInDate knows the number formats that need no declaration: 14 to 22 and
// 45 to 47 everywhere, 27 to 36 and 50 to 58 in East Asian editions
// (ECMA-376 part 1, 18.8.30).
func isBuiltInDate(format int) bool {
	for _, r := range [][2]int{{14, 22}, {27, 36}, {45, 47}, {50, 58}} {
		if format >= r[0] && format <= r[1] {
			return true
		}
	}
	return false
}

// isDateCode finds a letter for year, month, day, hour or second in a format code,
// outside quotes, brackets and escapes.
func isDateCode(code string) bool {
	quoted, bracketed := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracketed = true
		case c == ']':
			bracketed = false
		case bracketed:
		case strings.IndexByte("ymdhsYMDHS", c) >= 0:
			return true
		}
	}
	return false
}

// readStrings reads the texts that cells share, runs of rich text joined.
func (w *workbook) readStrings() error {
	const name = "xl/sharedStrings.xml"
	in, err := w.part(name)
	if err != nil || in == nil {
		return err
	}
	defer in.Close()
	d := xml.NewDecoder(&capped{in: in, limit: min(w.limit, maxUnpackedInMemory)})
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damagedPart(name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "si" {
			continue
		}
		var item richText
		if err := d.DecodeElement(&item, &start); err != nil {
			return damagedPart(name, err)
		}
		w.strings = append(w.strings, item.text())
	}
}

// richText is a text or its runs; phonetic hints beside it are left out.
type richText struct {
	Text string `xml:"t"`
	Runs []struct {
		Text string `xml:"t"`
	} `xml:"r"`
}

func (t richText) text() string {
	text := t.Text
	for _, r := range t.Runs {
		text += r.Text
	}
	return text
}

// find gives the part of a sheet by its name; "" is the first.
func (w *workbook) find(name string) (string, error) {
	if name == "" {
		return w.sheets[0].part, nil
	}
	var names []string
	for _, s := range w.sheets {
		if s.name == name {
			return s.part, nil
		}
		names = append(names, fmt.Sprintf("%q", s.name))
	}
	return "", wrong("sheet", "the workbook has no sheet %q; it has %s", name, strings.Join(names, ", "))
}
