package files

import (
	"encoding/binary"
	"errors"
)

// errDamaged is a page that does not hold what it should.
var errDamaged = errors.New("damaged: a page of a column cannot be read")

// unpackRuns fills out with numbers of a width in bits from Parquet's mixture of
// runs of one number and of numbers packed eight by eight (RLE, in
// https://parquet.apache.org/docs/file-format/data-pages/encodings/).
func unpackRuns(data []byte, width int, out []uint32) error {
	if width > 32 {
		return errDamaged
	}
	for len(out) > 0 {
		header, n := binary.Uvarint(data)
		if n <= 0 || header < 2 { // a run of none would never end
			return errDamaged
		}
		data = data[n:]
		if header&1 == 1 {
			count := min(header>>1*8, uint64(len(out)))
			if uint64(len(data))*8 < count*uint64(width) {
				return errDamaged
			}
			unpack(data, width, out[:count])
			data, out = data[min(header>>1*uint64(width), uint64(len(data))):], out[count:]
			continue
		}
		bytes := (width + 7) / 8
		if len(data) < bytes {
			return errDamaged
		}
		count := min(header>>1, uint64(len(out)))
		number := uint32(littleEndian(data[:bytes]))
		for i := range out[:count] {
			out[i] = number
		}
		data, out = data[bytes:], out[count:]
	}
	return nil
}

// unpack reads packed numbers, the lowest bits first.
func unpack(data []byte, width int, out []uint32) {
	mask := uint64(1)<<width - 1
	for i := range out {
		at := i * width
		from := data[at/8:]
		out[i] = uint32(littleEndian(from) >> (at % 8) & mask)
	}
}

// littleEndian is the number in the first eight bytes, or in fewer where there are no
// more.
func littleEndian(data []byte) uint64 {
	if len(data) >= 8 {
		return binary.LittleEndian.Uint64(data)
	}
	var all [8]byte
	copy(all[:], data)
	return binary.LittleEndian.Uint64(all[:])
}
