// Package streamstring is the documented example's protocol: two bytes, big-endian, with the number of bytes that
// follow, then UTF-16LE without a mark.
package streamstring

import (
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"
)

const Greeting = "I am the one true server!"

const maxBytes = 0xffff

// Read returns io.EOF when the pipe was closed before the first byte of a text.
func Read(reader io.Reader) (string, error) {
	var header [2]byte
	if _, err := io.ReadFull(reader, header[:]); err != nil {
		return "", err
	}
	body := make([]byte, binary.BigEndian.Uint16(header[:]))
	if len(body)%2 != 0 {
		return "", fmt.Errorf("a frame of %d bytes is no UTF-16 text", len(body))
	}
	if _, err := io.ReadFull(reader, body); err != nil {
		return "", fmt.Errorf("the pipe was closed within a frame: %w", err)
	}
	units := make([]uint16, len(body)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(body[2*i:])
	}
	return string(utf16.Decode(units)), nil
}

// Write refuses a text that does not fit: a cut text would look like a whole one.
func Write(writer io.Writer, text string) error {
	units := utf16.Encode([]rune(text))
	if 2*len(units) > maxBytes {
		return fmt.Errorf("a text of %d bytes does not fit a frame of %d", 2*len(units), maxBytes)
	}
	frame := make([]byte, 2+2*len(units))
	binary.BigEndian.PutUint16(frame, uint16(2*len(units)))
	for i, unit := range units {
		binary.LittleEndian.PutUint16(frame[2+2*i:], unit)
	}
	_, err := writer.Write(frame)
	return err
}
