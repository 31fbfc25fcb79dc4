package recognise

import (
	"slices"
	"strings"
	"testing"
)

// Every English word in the table is one that some concept or subject knows.
func TestTheTableOfLanguagesSaysWhatIsKnown(t *testing.T) {
	known := strings.Fields("of")
	for _, c := range concepts {
		known = append(known, strings.FieldsFunc(c.names, func(r rune) bool { return r == '|' || r == ' ' })...)
	}
	for written, english := range languages() {
		for w := range strings.FieldsSeq(english) {
			if _, subject := subjects[w]; !subject && !slices.Contains(known, w) {
				t.Errorf("%q means %q, of which no concept knows %q", written, english, w)
			}
		}
	}
}

func TestHeadersOfOtherLanguagesAreRead(t *testing.T) {
	for header, want := range map[string]string{
		"নাম": "name", "মাতার নাম": "mother name", "জন্ম তারিখ": "birth date", "মোবাইল নম্বর": "phone",
		"पिता का नाम": "father name", "जन्म तिथि": "birth date", "नागरिकता_नं": "national id", "पतिको नाम": "spouse name",
		"ชื่อ-สกุล": "full name", "เลขประจำตัวประชาชน": "national id", "วัน/เดือน/ปีเกิด": "date of birth", "ชื่อมารดา": "mother name",
		"Họ và tên": "full name", "NGÀY SINH": "date of birth", "Số CCCD": "national id", "họ tên mẹ": "mother name", "ho_ten": "full name",
		"الاسم الكامل": "full name", "تاريخ الميلاد": "date of birth", "اسم الأم": "mother name",
		"የአባት ስም": "father name", "ስልክ ቁጥር": "phone", "эцгийн нэр": "father first name", "Регистрийн дугаар": "national id",
		"உபயோகம்": "", "பிறந்த தேதி": "date of birth", "తండ్రి పేరు": "father name", "જન્મ તારીખ": "birth date", "උපන් දිනය": "date of birth",
		"والد کا نام": "father name", "ឈ្មោះម្តាយ": "mother name", "အဖအမည်": "father name", "ວັນເດືອນປີເກີດ": "date of birth",
		"tarehe ya kuzaliwa": "date of birth", "tgl_lahir": "date of birth", "Apelyido": "surname",
	} {
		h := readHeader(header)
		got := strings.Join(h.words, " ")
		if h.subject != "" {
			got = h.subject + " " + got
		}
		if want == "" {
			if got = inEnglish(header); got != header {
				t.Errorf("%q is said to mean %q", header, got)
			}
		} else if got != want {
			t.Errorf("%q is read as %q, want %q", header, got, want)
		}
	}
}
