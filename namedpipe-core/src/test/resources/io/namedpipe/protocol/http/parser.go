// Requests in, one connection in each line, in base64. Out, in the same order: the messages that Go's parser takes as
// complete, their parts in hex, and after a tab why it stopped.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

func read(data []byte) ([]string, error) {
	messages := []string{}
	reader := bufio.NewReader(bytes.NewReader(data))
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return messages, err
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return messages, err
		}
		messages = append(messages,
			fmt.Sprintf("%x %x %d %x", request.Method, request.RequestURI, request.ProtoMinor, body))
	}
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		data, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		messages, err := read(data)
		fmt.Fprintf(out, "%s\t%s\n", strings.Join(messages, ","), strings.ReplaceAll(err.Error(), "\n", " "))
	}
}
