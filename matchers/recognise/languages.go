package recognise

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// languages are the headers of registers in the languages of the countries served,
// each with the English words that say the same, whole headers and single words. A
// word that says nothing is "".
var languages = sync.OnceValue(func() map[string]string {
	return translations(map[string]string{
		"Bengali": `নাম=name; লিঙ্গ=sex; জন্ম=birth; জন্মতারিখ=date of birth; তারিখ=date; মৃত্যু=death; মৃত্যুর=death; মোবাইল=phone; মোবাইল নম্বর=phone; ফোন=phone;
		ঠিকানা=address; জেলা=district; উপজেলা=upazila; থানা=thana; ইউনিয়ন=ward; গ্রাম=village; বিভাগ=division; এনআইডি=nid; জাতীয় পরিচয়পত্র=nid;
		জাতীয় পরিচয়পত্র নম্বর=nid; জন্ম নিবন্ধন নম্বর=brn; বয়স=age; পিতা=father; পিতার=father; মাতা=mother; মাতার=mother; মা=mother; স্বামী=husband; স্বামীর=husband`,
		"Hindi, Marathi and Nepali": `नाम=name; नाव=name; पूरा=full; पूरा नाम=full name; उपनाम=surname; आडनाव=surname; थर=surname; नाम थर=full name; नाम र थर=full name; लिंग=sex; लिङ्ग=sex;
		जन्म=birth; जन्मतिथि=date of birth; जन्ममिति=date of birth; जन्मतारीख=date of birth; तिथि=date; मिति=date; दिनांक=date; तारीख=date; मृत्यु=death;
		पिता=father; पिताको=father; पित्याचे=father; बाबुको=father; वडिलांचे=father; माता=mother; माँ=mother; माताको=mother; आमाको=mother; आईचे=mother; पति=husband; पतिको=husband; पतीचे=husband; पत्नी=wife; पत्नीको=wife;
		का=; की=; को=; के=; मोबाइल=phone; मोबाईल=phone; फोन=phone; पता=address; पत्ता=address; ठेगाना=address; जिला=district; जिल्ला=district; जिल्हा=district;
		गाँव=village; गांव=village; गाव=village; राज्य=state; प्रदेश=province; वडा=ward; आधार=aadhaar; आधार संख्या=aadhaar; नागरिकता नं=national id; नागरिकता नम्बर=national id; उम्र=age; आयु=age; उमेर=age; वय=age`,
		"Tamil": `பெயர்=name; முழு பெயர்=full name; பாலினம்=sex; பிறந்த தேதி=date of birth; பிறந்தநாள்=date of birth; இறந்த தேதி=date of death; தந்தை=father; தந்தையின்=father;
		தாய்=mother; தாயின்=mother; கணவர்=husband; கணவரின்=husband; கைபேசி=phone; தொலைபேசி=phone; முகவரி=address; மாவட்டம்=district; கிராமம்=village; வயது=age; ஆதார்=aadhaar`,
		"Telugu": `పేరు=name; లింగం=sex; పుట్టిన తేదీ=date of birth; మరణించిన తేదీ=date of death; తండ్రి=father; తల్లి=mother; భర్త=husband; మొబైల్=phone; ఫోన్=phone; చిరునామా=address;
		జిల్లా=district; మండలం=tehsil; గ్రామం=village; వయస్సు=age; ఆధార్=aadhaar`,
		"Gujarati": `નામ=name; લિંગ=sex; જાતિ=sex; જન્મ=birth; તારીખ=date; મૃત્યુ=death; પિતા=father; પિતાનું=father; માતા=mother; માતાનું=mother; પતિ=husband; પતિનું=husband; મોબાઇલ=phone; ફોન=phone;
		સરનામું=address; જિલ્લો=district; તાલુકો=taluk; ગામ=village; ઉંમર=age; આધાર=aadhaar`,
		"Sinhala": `නම=name; සම්පූර්ණ නම=full name; උපන් දිනය=date of birth; මරණ දිනය=date of death; ජාතික හැඳුනුම්පත් අංකය=nic; හැඳුනුම්පත් අංකය=nic; දුරකථන=phone; දුරකථන අංකය=phone;
		ලිපිනය=address; දිස්ත්රික්කය=district; ගම=village; පියා=father; පියාගේ=father; මව=mother; මවගේ=mother; වයස=age`,
		"Urdu": `نام=name; جنس=sex; تاریخ پیدائش=date of birth; تاریخ وفات=date of death; ولدیت=father name; والد=father; والد کا نام=father name; والدہ=mother; والدہ کا نام=mother name; شوہر=husband; کا=;
		شناختی کارڈ نمبر=cnic; فون=phone; موبائل=phone; پتہ=address; ضلع=district; تحصیل=tehsil; گاؤں=village; عمر=age`,
		"Arabic": `الاسم=name; اسم=name; الاسم الكامل=full name; اللقب=surname; الجنس=sex; النوع=sex; تاريخ الميلاد=date of birth; تاريخ الوفاة=date of death; الرقم القومي=national id; رقم الهوية=national id;
		الهاتف=phone; رقم الهاتف=phone; المحمول=phone; العنوان=address; المحافظة=province; القرية=village; الأب=father; الاب=father; الجد=grandfather; الأم=mother; الام=mother; الزوج=husband; الزوجة=wife; العمر=age; السن=age`,
		"Amharic": `ስም=name; ሙሉ ስም=full name; ጾታ=sex; ፆታ=sex; የትውልድ ቀን=date of birth; የልደት ቀን=date of birth; ስልክ=phone; ስልክ ቁጥር=phone; አድራሻ=address; ወረዳ=district; ቀበሌ=ward; ክልል=region; ዞን=region;
		የአባት=father; የአያት=grandfather; የእናት=mother; ዕድሜ=age; እድሜ=age`,
		"Thai": `ชื่อ=first name; นามสกุล=surname; สกุล=surname; ชื่อ สกุล=full name; ชื่อ นามสกุล=full name; ชื่อสกุล=full name; ชื่อนามสกุล=full name; เพศ=sex; วันเกิด=date of birth; วันเดือนปีเกิด=date of birth; วัน เดือน ปีเกิด=date of birth; วัน เดือน ปี เกิด=date of birth;
		วันที่เสียชีวิต=date of death; วันตาย=date of death; เลขประจำตัวประชาชน=national id; เลขบัตรประชาชน=national id; โทรศัพท์=phone; เบอร์โทรศัพท์=phone; เบอร์โทร=phone; มือถือ=phone;
		ที่อยู่=address; จังหวัด=province; อำเภอ=district; เขต=district; ตำบล=commune; แขวง=commune; หมู่บ้าน=village; มารดา=mother name; ชื่อมารดา=mother name; บิดา=father name; ชื่อบิดา=father name; คู่สมรส=spouse name; ชื่อคู่สมรส=spouse name;
		อายุ=age; รหัสไปรษณีย์=postcode`,
		"Lao": `ຊື່=first name; ນາມສະກຸນ=surname; ຊື່ ແລະ ນາມສະກຸນ=full name; ເພດ=sex; ວັນເດືອນປີເກີດ=date of birth; ແຂວງ=province; ເມືອງ=district; ບ້ານ=village; ເບີໂທ=phone; ອາຍຸ=age`,
		"Khmer": `ឈ្មោះ=name; នាមត្រកូល=surname; គោត្តនាម=surname; នាមខ្លួន=first name; ភេទ=sex; ថ្ងៃខែឆ្នាំកំណើត=date of birth; ខេត្ត=province; ស្រុក=district; ឃុំ=commune; ភូមិ=village; ទូរស័ព្ទ=phone; លេខទូរស័ព្ទ=phone;
		ឪពុក=father name; ឈ្មោះឪពុក=father name; ម្តាយ=mother name; ឈ្មោះម្តាយ=mother name; អាយុ=age`,
		"Burmese": `အမည်=name; လိင်=sex; မွေးသက္ကရာဇ်=date of birth; မွေးနေ့=date of birth; မှတ်ပုံတင်အမှတ်=nrc; ဖုန်း=phone; ဖုန်းနံပါတ်=phone; လိပ်စာ=address; ပြည်နယ်=state; မြို့နယ်=township; ကျေးရွာ=village;
		အဖအမည်=father name; အမိအမည်=mother name; အသက်=age`,
		"Mongolian": `нэр=first name; овог=surname; овог нэр=full name; эцгийн=father; эхийн=mother; хүйс=sex; төрсөн огноо=date of birth; төрсөн он сар өдөр=date of birth; нас барсан огноо=date of death;
		регистр=national id; регистрийн дугаар=national id; утас=phone; утасны дугаар=phone; хаяг=address; аймаг=province; сум=district; баг=ward; нас=age`,
		"Vietnamese": `họ tên=full name; họ và tên=full name; họ=surname; tên=first name; tên đệm=middle name; giới tính=sex; ngày sinh=date of birth; năm sinh=birth; ngày mất=date of death; cccd=national id; số cccd=national id;
		cmnd=national id; số cmnd=national id; số định danh=national id; điện thoại=phone; số điện thoại=phone; địa chỉ=address; tỉnh=province; huyện=district; quận=district; xã=commune; phường=commune; thôn=village;
		cha=father; tên cha=father name; họ tên cha=father name; mẹ=mother; tên mẹ=mother name; họ tên mẹ=mother name; chồng=husband; tên chồng=husband name; vợ=wife; tên vợ=wife name; tuổi=age;
		ho ten=full name; ho va ten=full name; gioi tinh=sex; ngay sinh=date of birth; dien thoai=phone; so dien thoai=phone; dia chi=address; ho ten cha=father name; ho ten me=mother name; so cccd=national id`,
		"Indonesian and Malay": `nama=name; tanggal lahir=date of birth; tgl lahir=date of birth; tarikh lahir=date of birth; jantina=sex; no kp=national id; no ktp=national id; kad pengenalan=national id; mykad=national id; alamat=address; kampung=village;
		telepon=phone; telefon=phone; nama ibu=mother name; nama ayah=father name; nama bapa=father name; umur=age`,
		"Areas": `ওয়ার্ড=ward; পৌরসভা=municipality; شياخة=ward; قرية=village; قسم=district; محافظة=province; مركز=district; ग्राम=village; ग्राम पंचायत=village; तहसील=tehsil; प्रखंड=block; विकासखंड=block;
		மாகாணம்=province; ග්රාම නිලධාරී වසම=ward; පළාත=province; ප්රාදේශීය ලේකම් කොට්ඨාසය=division; ကျေးရွာအုပ်စု=village; ခရိုင်=district; တိုင်းဒေသကြီး=region; ရပ်ကွက်=ward;
		дүүрэг=district; нийслэл=province; хороо=ward; गाउँपालिका=municipality; नगरपालिका=municipality; صوبہ=province; ڈویژن=division; یونین کونسل=union; หมู่=village; ខណ្ឌ=district; សង្កាត់=commune`,
		"Numbers, codes and registrations": `নম্বর=number; নং=no; সংখ্যা=number; কোড=code; নিবন্ধন=registration; বিবাহ=marriage; বিবাহের=marriage; खाता=account;
		नंबर=number; नम्बर=number; नं=no; संख्या=number; सङ्ख्या=number; क्रमांक=number; कोड=code; पंजीकरण=registration; पंजीयन=registration; दर्ता=registration; नोंदणी=registration; विवाह=marriage; खाता=account; बैंक=bank;
		எண்=number; குறியீடு=code; பதிவு=registration; திருமணம்=marriage; திருமண=marriage; సంఖ్య=number; నంబర్=number; కోడ్=code; నమోదు=registration; వివాహం=marriage; వివాహ=marriage;
		નંબર=number; ક્રમાંક=number; કોડ=code; નોંધણી=registration; લગ્ન=marriage; අංකය=number; කේතය=code; ලියාපදිංචි=registration; විවාහ=marriage;
		نمبر=number; کوڈ=code; رجسٹریشن=registration; شادی=marriage; نکاح=marriage; رقم=number; كود=code; رمز=code; تسجيل=registration; التسجيل=registration; قيد=registration; القيد=registration; زواج=marriage; الزواج=marriage;
		ቁጥር=number; ኮድ=code; ምዝገባ=registration; የምዝገባ=registration; ጋብቻ=marriage; የጋብቻ=marriage; เลขที่=number; หมายเลข=number; รหัส=code; ทะเบียน=registration; สมรส=marriage; วันที่สมรส=marriage date;
		รหัสพื้นที่=area code; รหัสจังหวัด=province code; รหัสอำเภอ=district code; รหัสตำบล=commune code; รหัสหมู่บ้าน=village code; เลขทะเบียน=registration number; บัญชี=account; เลขที่บัญชี=account number;
		ເລກທີ=number; ລະຫັດ=code; ທະບຽນ=registration; ແຕ່ງງານ=marriage; លេខ=number; លេខកូដ=code; កូដ=code; ចុះបញ្ជី=registration; អាពាហ៍ពិពាហ៍=marriage; အမှတ်=number; နံပါတ်=number; ကုဒ်=code; လက်ထပ်=marriage;
		дугаар=number; код=code; бүртгэл=registration; бүртгэлийн=registration; гэрлэлт=marriage; гэрлэсэн=marriage; данс=account; дансны=account; số=number; mã=code; mã số=code; đăng ký=registration; kết hôn=marriage; tài khoản=account;
		di động=; liên hệ=; kod pos=postcode; kode pos=postcode; पिन कोड=pincode; পোস্ট কোড=postcode; પિન કોડ=pincode; mã bưu chính=postcode; số nhà=house no; ma so=code; nomor=number; nombor=number; kode=code; kod=code; pendaftaran=registration; pencatatan=registration; nikah=marriage; perkahwinan=marriage; perkawinan=marriage; rekening=account; akaun=account;
		bilang=number; rehistro=registration; kasal=marriage; namba=number; nambari=number; msimbo=code; usajili=registration; ndoa=marriage; akaunti=account; codigo=code; código=code; kode area=area code; kodi=code; matrimonio=marriage; cuenta=account`,
		"Telephones": `টেলিফোন=phone; মুঠোফোন=phone; दूरभाष=phone; सम्पर्क=contact; संपर्क=contact; भ्रमणध्वनी=phone; அலைபேசி=phone; தொடர்பு=contact; ఫోను=phone; సెల్=phone; ટેલિફોન=phone; ජංගම=phone; ٹیلی فون=phone; رابطہ=contact;
		هاتف=phone; تليفون=phone; جوال=phone; موبايل=phone; ໂທລະສັບ=phone; តេឡេហ្វូន=phone; တယ်လီဖုန်း=phone; гар утас=phone; sđt=phone; sdt=phone; nombor telefon=phone; no hp=phone; namba ya simu=phone; nambari ya simu=phone`,
		"Filipino": `pangalan=first name; apelyido=surname; buong pangalan=full name; kasarian=sex; petsa ng kapanganakan=date of birth; kaarawan=date of birth; tirahan=address; lalawigan=province; telepono=phone`,
		"Swahili":  `jina=name; jina kamili=full name; jina la baba=father name; jina la mama=mother name; jinsia=sex; tarehe ya kuzaliwa=date of birth; tarehe ya kifo=date of death; mume=husband; mke=wife; simu=phone; anwani=address; wilaya=district; kijiji=village; kata=ward; kaunti=county; umri=age; kitambulisho=national id`,
	})
})

// translations turns the table round: by header or word as foldHeader writes it.
func translations(table map[string]string) map[string]string {
	out := map[string]string{}
	for _, list := range table {
		for entry := range strings.SplitSeq(list, ";") {
			written, english, _ := strings.Cut(strings.TrimSpace(entry), "=")
			out[foldHeader(written)] = english
		}
	}
	return out
}

// foldHeader is a header in composed small letters with one space for its signs. The
// joiners of Indian scripts go, which some clerks write and others do not.
func foldHeader(s string) string {
	words := strings.FieldsFunc(strings.Map(visible, norm.NFC.String(strings.ToLower(s))), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(words, " ")
}

func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// inEnglish is a header of another language in English words, or as it is.
func inEnglish(header string) string {
	folded := foldHeader(header)
	if english, ok := languages()[folded]; ok {
		return english
	}
	var english []string
	known := false
	for words := strings.Fields(folded); len(words) > 0; {
		n, said := longest(words)
		if n == 0 {
			n, said = 1, words[0]
		} else {
			known = true
		}
		english, words = append(english, said), words[n:]
	}
	if !known {
		return header
	}
	return strings.Join(english, " ")
}

// longest is how many words at the beginning the table knows together, and what they say.
func longest(words []string) (int, string) {
	const most = 6 // of an entry
	for n := min(len(words), most); n > 0; n-- {
		if english, ok := languages()[strings.Join(words[:n], " ")]; ok {
			return n, english
		}
	}
	return 0, ""
}
