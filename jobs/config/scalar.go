package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a time zone is valid or not, whatever the machine has

	"github.com/netresearch/go-cron"
)

// readers turn the text of a scalar into a number; the error says what is
// expected. Texts and expressions have none.
var readers = map[kind]func(string) (float64, error){
	integer: readInteger,
	number:  readNumber,
	truth:   readFlag,
	day:     readDayNumber,
	size:    readSize,
}

func readInteger(text string) (float64, error) {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
	if err != nil {
		return 0, errors.New("a whole number is expected")
	}
	return float64(n), nil
}

func readNumber(text string) (float64, error) {
	switch text {
	case ".inf", "+.inf":
		return math.Inf(1), nil
	case "-.inf":
		return math.Inf(-1), nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) {
		return 0, errors.New("a number is expected")
	}
	return n, nil
}

func readFlag(text string) (float64, error) {
	switch text {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	return 0, errors.New("true or false is expected")
}

func readDay(text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, errors.New("a day of the calendar as YYYY-MM-DD is expected")
	}
	return t, nil
}

func readDayNumber(text string) (float64, error) {
	t, err := readDay(text)
	return float64(t.Unix()), err
}

// units of sizes, in bytes.
var units = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
	{"kB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
}

func readSize(text string) (float64, error) {
	for _, u := range units {
		if amount, ok := strings.CutSuffix(text, u.name); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(amount), 64)
			if err == nil && n > 0 && n*u.bytes < 1<<62 {
				return math.Floor(n * u.bytes), nil
			}
			break
		}
	}
	return 0, errors.New("a size with its unit is expected: 512MiB, 2GiB, 8GB")
}

// minMemoryBytes is what DuckDB and the kernel need to do anything at all.
const minMemoryBytes = 256 << 20

func checkMemory(text string) error {
	if n, err := readSize(text); err == nil && n < minMemoryBytes {
		return fmt.Errorf("at least %dMiB is needed", minMemoryBytes>>20)
	}
	return nil
}

func checkTimeZone(text string) error {
	if text == "" || text == "Local" {
		return errors.New("a name of the IANA time zone database is expected, such as Asia/Dhaka or UTC")
	}
	if _, err := time.LoadLocation(text); err != nil {
		return errors.New("no such time zone; a name of the IANA database is expected, such as Asia/Dhaka or UTC")
	}
	return nil
}

// ParseCron reads a cron expression of five fields, or @monthly and its like. It
// has no time zone of its own, and it must come due at some time.
func ParseCron(text string) (cron.Schedule, error) {
	switch {
	case strings.Contains(text, "="):
		return nil, errors.New("the time zone goes into time_zone")
	case strings.HasPrefix(text, "@every"), strings.HasPrefix(text, "@reboot"):
		return nil, errors.New("it must come due at times of the calendar: minute hour day month weekday")
	}
	s, err := cron.MustNewParser(cronFields).WithMaxSearchYears(cronSearchYears).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s (minute hour day month weekday)", strings.TrimPrefix(err.Error(), "cron: "))
	}
	if s.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, errors.New("no such day ever comes")
	}
	return s, nil
}

// cronFields are those that the scheduler reads; either of the two days fits, as
// in crontab(5).
const cronFields = cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor | cron.Extended | cron.DowOrDom

// cronSearchYears covers the longest wait for 29 February, from 2096 to 2104.
const cronSearchYears = 9

func checkCron(text string) error {
	_, err := ParseCron(text)
	return err
}

// checkName holds the names that become parts of ids, paths and SQL.
func checkName(text string) error {
	for i, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || !(r >= '0' && r <= '9' || r == '-')) {
			return errors.New("letters, digits, _ and - are allowed, a letter first")
		}
	}
	if text == "" || len(text) > 64 {
		return errors.New("1 to 64 letters, digits, _ and - are allowed, a letter first")
	}
	return nil
}
