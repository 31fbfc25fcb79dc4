package locale

import (
	"strings"
	"sync"

	"rollcall/matchers/locale/calendar"
)

// months are the names of the months of some calendars in one language, from the
// first on, without spaces and signs; - where there is no other spelling.
type months struct {
	calendars []string
	names     string // one language or style a line: its code, then the names
}

// namedMonth is a month that a word names.
type namedMonth struct {
	calendars []string
	month     int
}

var (
	westernYear = []string{calendar.Gregorian, calendar.Buddhist, calendar.Thai}
	hinduYear   = []string{calendar.BikramSambat, calendar.Bangla, calendar.BanglaIndia, calendar.Bangla1987, calendar.Bangla2019, calendar.Bangla1966, calendar.Saka}
	hijriYear   = []string{calendar.Hijri, calendar.HijriTabular}
)

// monthsOf are the names by calendar. Those of the Gregorian, Hijri and Ethiopian
// months are from the Unicode CLDR (as Node.js 20 with ICU 78.2 writes them, long and
// short), with spellings of registers behind them under the code x; those of Bikram
// Sambat and Bangla are as the calendars printed in Nepal, Bangladesh and West
// Bengal write them.
var monthsOf = []months{
	{westernYear, gregorianMonths},
	{[]string{calendar.Saka}, sakaMonths},
	{hinduYear, hinduMonths},
	{hijriYear, hijriMonths},
	{[]string{calendar.Ethiopian}, ethiopianMonths},
	{[]string{calendar.Coptic}, copticMonths},
}

// monthNames are monthsOf turned round, in the form that words are folded to.
var monthNames = sync.OnceValue(func() map[string]namedMonth {
	byName := map[string]namedMonth{}
	for _, m := range monthsOf {
		for line := range strings.Lines(strings.TrimSpace(m.names)) {
			for i, name := range strings.Fields(line)[1:] {
				byName[foldMonth(name)] = namedMonth{m.calendars, i + 1}
			}
		}
	}
	delete(byName, "-")
	return byName
})

// gregorianMonths are January to December.
const gregorianMonths = `
en january february march april may june july august september october november december
en jan feb mar apr may jun jul aug sep oct nov dec
es enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
es ene feb mar abr may jun jul ago sept oct nov dic
fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre
fr janv févr mars avr mai juin juil août sept oct nov déc
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
pt jan fev mar abr mai jun jul ago set out nov dez
id januari februari maret april mei juni juli agustus september oktober november desember
id jan feb mar apr mei jun jul agu sep okt nov des
ms januari februari mac april mei jun julai ogos september oktober november disember
ms jan feb mac apr mei jun jul ogo sep okt nov dis
fil enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre
fil ene peb mar abr may hun hul ago set okt nob dis
sw januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba
af januarie februarie maart april mei junie julie augustus september oktober november desember
af jan feb mrt apr mei jun jul aug sep okt nov des
zu januwari februwari mashi ephreli meyi juni julayi agasti septhemba okthoba novemba disemba
zu jan feb mas eph mey jun jul aga sep okt nov dis
xh janyuwari februwari matshi epreli meyi juni julayi agasti septemba okthoba novemba disemba
xh janyuwari februwari matshi epreli meyi juni julayi agasti septemba okthobha novemba disemba
xh jan feb mat epr mey jun jul aga sep okt nov dis
ar يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
ar-IQ كانونالثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرينالأول تشرينالثاني كانونالأول
ar-DZ جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
ar-MA يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر
hi जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
hi जन फ़र मार्च अप्रैल मई जून जुल अग सित अक्टू नव दिस
bn জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
bn জানু ফেব মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্ট অক্টো নভেম্বর ডিসে
bn জানু ফেব মার্চ এপ্রি মে জুন জুল আগ সেপ অক্টো নভে ডিসে
as জানুৱাৰী ফেব্ৰুৱাৰী মাৰ্চ এপ্ৰিল মে জুন জুলাই আগষ্ট ছেপ্তেম্বৰ অক্টোবৰ নৱেম্বৰ ডিচেম্বৰ
as জানু ফেব্ৰু মাৰ্চ এপ্ৰিল মে জুন জুলাই আগ ছেপ্তে অক্টো নৱে ডিচে
ne जनवरी फेब्रुअरी मार्च अप्रिल मे जुन जुलाई अगस्ट सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर
ur جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
fa ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
ps جنوري فېبروري مارچ اپریل مۍ جون جولای اګست سپتمبر اکتوبر نومبر دسمبر
ps جنوري فبروري مارچ اپریل مۍ جون جولای اګست سېپتمبر اکتوبر نومبر دسمبر
ta ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
ta ஜன பிப் மார் ஏப் மே ஜூன் ஜூலை ஆக செப் அக் நவ டிச
te జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్
te జన ఫిబ్ర మార్చి ఏప్రి మే జూన్ జులై ఆగ సెప్టెం అక్టో నవం డిసెం
mr जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर
mr जाने फेब्रु मार्च एप्रि मे जून जुलै ऑग सप्टें ऑक्टो नोव्हें डिसें
gu જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ સપ્ટેમ્બર ઑક્ટોબર નવેમ્બર ડિસેમ્બર
gu જાન્યુ ફેબ્રુ માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ સપ્ટે ઑક્ટો નવે ડિસે
pa ਜਨਵਰੀ ਫ਼ਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ
pa ਜਨ ਫ਼ਰ ਮਾਰਚ ਅਪ੍ਰੈ ਮਈ ਜੂਨ ਜੁਲਾ ਅਗ ਸਤੰ ਅਕਤੂ ਨਵੰ ਦਸੰ
kn ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್
kn ಜನ ಫೆಬ್ರ ಮಾರ್ಚ್ ಏಪ್ರಿ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗ ಸೆಪ್ಟೆಂ ಅಕ್ಟೋ ನವೆಂ ಡಿಸೆಂ
ml ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മേയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്ടോബർ നവംബർ ഡിസംബർ
ml ജനു ഫെബ്രു മാർ ഏപ്രി മേയ് ജൂൺ ജൂലൈ ഓഗ സെപ്റ്റം ഒക്ടോ നവം ഡിസം
or ଜାନୁଆରୀ ଫେବୃଆରୀ ମାର୍ଚ୍ଚ ଅପ୍ରେଲ ମଇ ଜୁନ ଜୁଲାଇ ଅଗଷ୍ଟ ସେପ୍ଟେମ୍ବର ଅକ୍ଟୋବର ନଭେମ୍ବର ଡିସେମ୍ବର
th มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
th มค กพ มีค เมย พค มิย กค สค กย ตค พย ธค
km មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ
lo ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ
lo ມກ ກພ ມນ ມສ ພພ ມິຖ ກລ ສຫ ກຍ ຕລ ພຈ ທວ
my ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ
my ဇန် ဖေ မတ် ဧ မေ ဇွန် ဇူ ဩ စက် အောက် နို ဒီ
am ጃንዋሪ ፌብሩዋሪ ማርች ኤፕሪል ሜይ ጁን ጁላይ ኦገስት ሴፕቴምበር ኦክቶበር ኖቬምበር ዲሴምበር
am ጃን ፌብ ማርች ኤፕሪ ሜይ ጁን ጁላይ ኦገስ ሴፕቴ ኦክቶ ኖቬም ዲሴም
so jannaayo febraayo maarso abriil maayo juun luulyo ogosto sebteembar oktoobar noofeembar diseembar
so janaayo febraayo maarso abriil maayo juun luulyo agosto sebtembar oktoobar noofeembar diseembar
so jan feb mar abr may jun lul ogs seb okt nof dis
si ජනවාරි පෙබරවාරි මාර්තු අප්රේල් මැයි ජූනි ජූලි අගෝස්තු සැප්තැම්බර් ඔක්තෝබර් නොවැම්බර් දෙසැම්බර්
si ජන පෙබ මාර් අප්රේල් මැයි ජූනි ජූලි අගෝ සැප් ඔක් නොවැ දෙසැ
am ጃንዩወሪ ፌብሩወሪ ማርች ኤፕሪል ሜይ ጁን ጁላይ ኦገስት ሴፕቴምበር ኦክቶበር ኖቬምበር ዲሴምበር
x janu febr marc apri - june july augu sept octo nove dece
x - - marco - - - - - setiembre - - -
x - - - - - - - - setembre - - -
ar - - - إبريل - يونيه يوليه اغسطس - اكتوبر - -
hi - फरवरी - - - - - - सितम्बर अक्तूबर नवम्बर दिसम्बर
ne - फेब्रुवरी - - - - - - सेप्टेम्बर अक्टुवर नोभेम्वर डिसेम्वर
bn জানুয়ারী ফেব্রুয়ারী - - - - - অগাস্ট - - - -
km - កុម្ភះ - - - - - - - - វិច្ឆិការ -
my ဇန်နဝါရီလ ဖေဖော်ဝါရီလ မတ်လ ဧပြီလ မေလ ဇွန်လ ဇူလိုင်လ ဩဂုတ်လ စက်တင်ဘာလ အောက်တိုဘာလ နိုဝင်ဘာလ ဒီဇင်ဘာလ
my - - - - - - - သြဂုတ် - - - -
my - - - - - - - သြဂုတ်လ - - - -
km ខែមករា ខែកុម្ភៈ ខែមីនា ខែមេសា ខែឧសភា ខែមិថុនា ខែកក្កដា ខែសីហា ខែកញ្ញា ខែតុលា ខែវិច្ឆិកា ខែធ្នូ
lo ເດືອນມັງກອນ ເດືອນກຸມພາ ເດືອນມີນາ ເດືອນເມສາ ເດືອນພຶດສະພາ ເດືອນມິຖຸນາ ເດືອນກໍລະກົດ ເດືອນສິງຫາ ເດືອນກັນຍາ ເດືອນຕຸລາ ເດືອນພະຈິກ ເດືອນທັນວາ
th เดือนมกราคม เดือนกุมภาพันธ์ เดือนมีนาคม เดือนเมษายน เดือนพฤษภาคม เดือนมิถุนายน เดือนกรกฎาคม เดือนสิงหาคม เดือนกันยายน เดือนตุลาคม เดือนพฤศจิกายน เดือนธันวาคม
th มกรา กุมภา มีนา เมษา พฤษภา มิถุนา กรกฎา สิงหา กันยา ตุลา พฤศจิกา ธันวา
mn нэгдүгээрсар хоёрдугаарсар гуравдугаарсар дөрөвдүгээрсар тавдугаарсар зургаадугаарсар долоодугаарсар наймдугаарсар есдүгээрсар аравдугаарсар арваннэгдүгээрсар арванхоёрдугаарсар
ta - பெப்ருவரி - - - யூன் யூலை - செப்தெம்பர் ஒக்டோபர் நவெம்பர் டிசெம்பர்
mn - - - - - зургадугаарсар - - - - - -
mn - - - - - зургадугаарсарын - - - - - -
mn - - - - - зургаадугаарсарын - - - - - -
mn нэгдүгээрсарын хоёрдугаарсарын гуравдугаарсарын дөрөвдүгээрсарын тавдугаарсарын зургаадугаарсарын долоодугаарсарын наймдугаарсарын есдүгээрсарын аравдугаарсарын арваннэгдүгээрсарын арванхоёрдугаарсарын
vi thángmột thánghai thángba thángtư thángnăm thángsáu thángbảy thángtám thángchín thángmười thángmườimột thángmườihai
vi thánggiêng - - thángbốn - - - - - - - thángchạp
lg janwali febwali maaci apuli maayi juuni julaayi agusito sebuttemba okitobba novemba desemba
`

// hinduMonths are Baisakh to Chaitra.
const hinduMonths = `
en vaisakha jyaistha asadha sravana bhadra asvina kartika agrahayana pausa magha phalguna chaitra
hi वैशाख ज्येष्ठ आषाढ़ श्रावण भाद्रपद अश्विन कार्तिक अग्रहायण पौष माघ फाल्गुन चैत्र
bn বৈশাখ জ্যৈষ্ঠ আষাঢ় শ্রাবণ ভাদ্র আশ্বিন কার্তিক অগ্রহায়ণ পৌষ মাঘ ফাল্গুন চৈত্র
mr वैशाख ज्येष्ठ आषाढ श्रावण भाद्रपद आश्विन कार्तिक मार्गशीर्ष पौष माघ फाल्गुन चैत्र
gu વૈશાખ જ્યેષ્ઠ અષાઢ શ્રાવણ ભાદો અશ્વિન કાર્તિક અગ્રહાયણ પોષ મહા ફાલ્ગુન ચૈત્ર
ne वैशाख जेठ असार साउन भदौ असोज कार्तिक मंसिर पुस माघ फागुन चैत
ne बैशाख जेष्ठ आषाढ श्रावण भाद्र आश्विन कात्तिक मङ्सिर पुष - फाल्गुण चैत्र
ne बैसाख ज्येष्ठ अषाढ सावन भदो असौज कार्त्तिक मार्ग पौष - - चैत्र
x baisakh jestha asar shrawan bhadra ashwin kartik mangsir poush magh falgun chaitra
x baishakh jeth ashad saun bhadau asoj kattik mansir push - phagun chait
x vaishakh jyestha ashadh sawan bhadau ashoj kartika marga paush - phalgun chaita
x vaisakh jyaishtha ashadha shravana bhadrapada ashvina karthika margashirsha pausha - phalgun chaitr
x baisakha jyeshtha asadh shravan bhadon aswin - mangshir pus - fagun -
x boishakh joishtho ashar srabon bhadro ashshin - ogrohayon - - falgoon choitro
x boisakh jyoishtho asharh srabon bhadra ashwin kartick agrahayan pous - phalgun chaitro
x baishak joistho asharha shrabon vadro ashin kartic ogrohayan - - falgoon choitra
bn - জৈষ্ঠ আষাঢ় শ্রাবন ভাদ্র আশ্বিন কার্ত্তিক অগ্রহায়ন পৌষ মাঘ ফাল্গুন চৈত্র
`

// sakaMonths are Chaitra to Phalguna of India's national calendar, in languages in which
// hinduMonths has none.
const sakaMonths = `
te చైత్రం వైశాఖం జ్యేష్ఠం ఆషాఢం శ్రావణం భాద్రపదం ఆశ్వయుజం కార్తీకం మార్గశిరం పుష్యం మాఘం ఫాల్గుణం
kn ಚೈತ್ರ ವೈಶಾಖ ಜ್ಯೇಷ್ಠ ಆಷಾಢ ಶ್ರಾವಣ ಭಾದ್ರ ಆಶ್ವೀನ ಕಾರ್ತೀಕ ಅಗ್ರಹಯಾನ ಪುಷ್ಯ ಮಾಘ ಫಾಲ್ಗುಣ
ml ചൈത്രം വൈശാഖം ജ്യേഷ്ഠം ആഷാഢം ശ്രാവണം ഭാദ്രം ആശ്വിനം കാർത്തികം മാർഗശീർഷം പൗഷം മാഘം ഫാൽഗുനം
pa ਚੇਤ ਵੈਸਾਖ ਜੇਠ ਹਾੜ ਸਾਉਣ ਭਾਦੋਂ ਅੱਸੂ ਕੱਤਕ ਮੱਘਰ ਪੋਹ ਮਾਘ ਫੱਗਣ
ur چیت بیساکھ جیٹھ اساڑھ ساون بھادوں اسوینا کاتِک اگہن پوس ماگھ پھاگن
or ଚୈତ୍ର ବୈଶାଖ ଜ୍ୟେଷ୍ଠ ଆଷାଢ଼ ଶ୍ରାବଣ ଭାଦ୍ରବ ଆଶ୍ଵିନ କାର୍ତ୍ତିକ ମାର୍ଗଶିର ପୌଷ ମାଘ ଫାଲଗୁନ
`

// hijriMonths are Muharram to Dhu al-Hijjah.
const hijriMonths = `
en muharram safar rabiʻi rabiʻii jumadai jumadaii rajab shaʻban ramadan shawwal dhuʻlqiʻdah dhuʻlhijjah
ar محرم صفر ربيعالأول ربيعالآخر جمادىالأولى جمادىالآخرة رجب شعبان رمضان شوال ذوالقعدة ذوالحجة
ur محرم صفر ربیعالاول ربیعالثانی جمادیالاول جمادیالثانی رجب شعبان رمضان شوال ذوالقعدۃ ذوالحجۃ
ur محرم صفر ربیعالاوّل ربیعالثّانی جمادیالاوّل جمادیالثّانی رجب شعبان رمضان شوال ذوالقعدۃ ذوالحجۃ
fa محرم صفر ربیعالاول ربیعالثانی جمادیالاول جمادیالثانی رجب شعبان رمضان شوال ذیقعده ذیحجه
hi मुहर्रम सफर राबीप्रथम राबीद्वितीय जुम्डाप्रथम जुम्डाद्वितीय रजब शावन रमजान शव्व्ल जिलक्दाह जिल्हिज्जाह
bn মুহররম সফর রবিউলআউয়াল রবিউসসানি জমাদিউলআউয়াল জমাদিউসসানি রজব শাবান রমজান শাওয়াল জ্বিলকদ জ্বিলহজ্জ
id muharam safar rabiulawal rabiulakhir jumadilawal jumadilakhir rajab syakban ramadan syawal zulkaidah zulhijah
ms muharam safar rabiulawal rabiulakhir jamadilawal jamadilakhir rejab syaaban ramadan syawal zulkaedah zulhijah
fr mouharram safar rabiaalawal rabiaaththani joumadaaloula joumadaaththania rajab chaabane ramadan chawwal dhoualqida dhoualhijja
x muharram safar rabiulawwal rabiulthani jamadiulawwal jamadiulthani rajab shaban ramzan shawal dhualqadah dhualhijjah
x moharram - rabialawwal rabialthani jumadaalula jumadaalakhirah - shaaban ramadhan shawwal dhulqadah dhulhijjah
x - - rabialawal rabialakhir jumadalula jumadalakhira - shabaan - - zulqada zulhijja
x - - rabiulawwal rabiussani jamadiulawwal jamadiussani - - - - zilqad zilhajj
x - - rabiiawwal rabiithani jumadiawwal jumadithani - - - - zulqadah zulhijjah
ar - - ربيعاول ربيعالثاني جماديالاولى جماديالاخرة - - - - - -
ar - - ربيعالاول ربيعالاخر جمادىالاولى جمادىالاخرة - - - - - -
ar - - - ربيعثاني جمادىالأول جمادىالثانية - - - - - -
ur - - - - - - - - رمضانالمبارک - ذیقعد ذیالحج
`

// ethiopianMonths are Meskerem to Pagumen.
const ethiopianMonths = `
en meskerem tekemt hedar tahsas ter yekatit megabit miazia genbot sene hamle nehasse pagumen
am መስከረም ጥቅምት ኅዳር ታኅሣሥ ጥር የካቲት መጋቢት ሚያዝያ ግንቦት ሰኔ ሐምሌ ነሐሴ ጳጉሜን
ti መስከረም ጥቅምቲ ሕዳር ታሕሳስ ጥሪ ለካቲት መጋቢት ሚያዚያ ጉንበት ሰነ ሓምለ ነሓሰ ጷጉሜ
x meskerem tikimt hidar tahsas tir yekatit megabit miyazya ginbot sene hamle nehase pagume
x meskarem tikemt hedar tahisas - - megabit miyazia genbot senie hamlie nehasie pagumien
x - tekimt - tahsas - - meggabit miazya ginbot - - nahase puagme
am - - ህዳር ታህሳስ - - - ሚያዚያ - ሰኔ - - ጳጉሜ
`

// copticMonths are Thout to Nasie.
const copticMonths = `
en tout baba hator kiahk toba amshir baramhat baramouda bashans paona epep mesra nasie
ar توت بابه هاتور كيهك طوبة أمشير برمهات برمودة بشنس بؤونة أبيب مسرى نسيئ
x thout paopi hathor koiak tobi meshir paremhat parmouti pashons paoni epip mesori kouji
`
