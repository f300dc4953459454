//go:build windows

// A client of the documented example's protocol, with go-winio. Exit codes: see ../../../README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/Microsoft/go-winio"

	"io.namedpipe/interop/streamstring"
)

const (
	done        = 0
	failed      = 1
	usage       = 2
	notVerified = 3
	noReply     = 4
	noServer    = 5
)

func main() {
	name := flag.String("pipe", "", "the pipe's name")
	clients := flag.Int("clients", 1, "how many at once")
	seconds := flag.Int("timeout", 10, "seconds")
	expectNoReply := flag.Bool("expect-no-reply", false, "every connection must be closed without a reply")
	flag.Parse()
	if *name == "" || flag.NArg() != 1 || *clients < 1 || *seconds < 1 {
		fmt.Fprintln(os.Stderr, "usage: client --pipe NAME [--clients N] [--timeout SECONDS] [--expect-no-reply] FILE")
		os.Exit(usage)
	}
	os.Exit(run(`\\.\pipe\`+*name, flag.Arg(0), *clients, time.Duration(*seconds)*time.Second, *expectNoReply))
}

type result struct {
	code int
	text string
}

func run(path, file string, clients int, limit time.Duration, expectNoReply bool) int {
	deadline := time.Now().Add(limit)
	results := make(chan result)
	for i := 0; i < clients; i++ {
		go func() {
			code, text := ask(path, file, deadline)
			results <- result{code, text}
		}()
	}
	first := result{}
	for i := 0; i < clients; i++ {
		next := <-results
		if expectNoReply {
			if next.code != noReply {
				fmt.Fprintln(os.Stderr, "a reply came, and none was expected, or something else went wrong")
				return failed
			}
			continue
		}
		if next.code != done {
			return next.code
		}
		if i > 0 && next.text != first.text {
			fmt.Fprintln(os.Stderr, "the replies differ")
			return failed
		}
		first = next
	}
	if !expectNoReply {
		os.Stdout.WriteString(first.text)
	}
	return done
}

func ask(path, file string, deadline time.Time) (int, string) {
	pipe, err := dial(path, deadline)
	if err != nil {
		fmt.Fprintln(os.Stderr, "no server:", err)
		return noServer, ""
	}
	defer pipe.Close()
	greeting, err := streamstring.Read(pipe)
	if err == nil && greeting != streamstring.Greeting {
		fmt.Fprintln(os.Stderr, "the server could not be verified")
		return notVerified, ""
	}
	var text string
	var expired net.Error
	if err == nil {
		err = streamstring.Write(pipe, file)
	}
	if err == nil {
		text, err = streamstring.Read(pipe)
	}
	switch {
	case err == nil:
		return done, text
	case errors.As(err, &expired) && expired.Timeout():
		fmt.Fprintln(os.Stderr, "the time is up")
		return noServer, ""
	case errors.Is(err, io.ErrUnexpectedEOF):
		fmt.Fprintln(os.Stderr, err)
		return failed, ""
	default:
		fmt.Fprintln(os.Stderr, "closed without a reply:", err)
		return noReply, ""
	}
}

type connection interface {
	io.ReadWriteCloser
	SetDeadline(time.Time) error
}

// dial waits for a server that is not there yet; go-winio itself waits only for a busy one.
func dial(path string, deadline time.Time) (connection, error) {
	limited, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	for {
		// Identification: the server learns who calls, and cannot act as the caller.
		pipe, err := winio.DialPipeAccessImpLevel(limited, path, 0x12019b, winio.PipeImpLevelIdentification)
		if err == nil {
			return pipe, pipe.SetDeadline(deadline)
		}
		if !errors.Is(err, os.ErrNotExist) || !time.Now().Before(deadline) {
			return nil, err
		}
		time.Sleep(10 * time.Millisecond)
	}
}
