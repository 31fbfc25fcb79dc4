package script

// blocks are the Unicode blocks with rules, in the order of their code points.
var blocks = []block{
	{0x0900, 0x097f, devanagari},
	{0x0980, 0x09ff, bengali},
	{0x0a00, 0x0a7f, gurmukhi},
	{0x0a80, 0x0aff, gujarati},
	{0x0b00, 0x0b7f, oriya},
	{0x0c00, 0x0c7f, telugu},
	{0x0c80, 0x0cff, kannada},
	{0x0d00, 0x0d7f, malayalam},
}
