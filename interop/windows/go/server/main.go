//go:build windows

// A server of the documented example's protocol, with go-winio. It hands out every file that it can read: for tests only.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/Microsoft/go-winio"

	"io.namedpipe/interop/streamstring"
)

func main() {
	name := flag.String("pipe", "", "the pipe's name")
	greeting := flag.String("greeting", streamstring.Greeting, "what to greet with, to play an impostor")
	flag.Parse()
	if *name == "" || flag.NArg() != 0 {
		fmt.Fprintln(os.Stderr, "usage: server --pipe NAME [--greeting TEXT]")
		os.Exit(2)
	}
	listener, err := winio.ListenPipe(`\\.\pipe\`+*name, &winio.PipeConfig{InputBufferSize: 65536, OutputBufferSize: 65536})
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot serve the pipe:", err)
		os.Exit(1)
	}
	fmt.Println("ready", *name)
	for {
		connection, err := listener.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go serve(connection, *greeting)
	}
}

func serve(connection net.Conn, greeting string) {
	defer connection.Close()
	if err := answer(connection, greeting); err != nil && !errors.Is(err, io.EOF) {
		fmt.Fprintln(os.Stderr, err)
	}
}

func answer(connection net.Conn, greeting string) error {
	if err := streamstring.Write(connection, greeting); err != nil {
		return err
	}
	file, err := streamstring.Read(connection)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return streamstring.Write(connection, string(text))
}
