// Go's net/http as a client of demo-server's pipe "files". Arguments: the pipe, the number of mixed requests of all clients
// together, and the number of clients at once, each with one kept connection. What is asked and what must be answered is
// in README.md.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type client struct {
	id          int
	http        *http.Client
	connections atomic.Int32
	written     string
}

type reply struct {
	status int
	text   string
	header http.Header
}

func newClient(id int, pipe string) *client {
	c := &client{id: id}
	c.http = &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		MaxConnsPerHost: 1,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			c.connections.Add(1)
			return dial(ctx, pipe)
		},
	}}
	return c
}

func (c *client) send(method, target string, body io.Reader, fields ...string) reply {
	request, err := http.NewRequest(method, "http://pipe"+target, body)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(fields); i += 2 {
		request.Header.Set(fields[i], fields[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		panic(fmt.Sprintf("%s %s: %v", method, target, err))
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		panic(fmt.Sprintf("%s %s: %v", method, target, err))
	}
	return reply{response.StatusCode, string(text), response.Header}
}

func check(condition bool, what string, r reply) {
	if !condition {
		panic(fmt.Sprintf("%s: %d %s", what, r.status, r.text))
	}
}

func object(r reply) map[string]any {
	fields := map[string]any{}
	if json.Unmarshal([]byte(r.text), &fields) != nil {
		check(false, "not an object", r)
	}
	return fields
}

func (c *client) each() {
	r := c.send("GET", "/list", nil)
	check(r.status == 200 && strings.Contains(r.text, `"small.txt"`) && strings.Contains(r.text, `"numbers"`), "list", r)
	r = c.send("GET", "/read?name=small.txt", nil)
	check(r.status == 200 && r.text == "A small text file.\nWith two lines.\n", "read", r)
	r = c.send("POST", "/stat", strings.NewReader(`{"name":"small.txt"}`), "Content-Type", "application/json")
	check(r.status == 200 && object(r)["name"] == "small.txt", "stat by JSON", r)
	r = c.send("HEAD", "/read?name=small.txt", nil)
	check(r.status == 200 && r.text == "" && r.header.Get("Content-Length") == "35", "HEAD", r)
	// A reader of a kind that it does not know has no length: chunks.
	r = c.send("PUT", "/write?name=go", io.MultiReader(strings.NewReader("in "), strings.NewReader("chunks")))
	check(r.status == 200 && object(r)["size"] == 9.0, "write in chunks", r)
	r = c.send("GET", "/nowhere", nil)
	check(r.status == 404 && r.header.Get("Content-Type") == "application/problem+json", "no such route", r)
	r = c.send("DELETE", "/read?name=small.txt", nil)
	check(r.status == 405, "method", r)
	r = c.send("GET", "/read?name=..%2Fsecret", nil)
	check(r.status == 400 || r.status == 403, "escape", r)
}

// number is never that of another client.
func (c *client) mixed(i, number int) {
	switch i % 5 {
	case 0:
		r := c.send("GET", "/stat?name=small.txt", nil)
		check(r.status == 200 && object(r)["size"] == 35.0, "stat", r)
	case 1:
		r := c.send("GET", "/read?name=numbers", nil, "Range", fmt.Sprintf("bytes=%d-%d", number*16, number*16+15))
		check(r.status == 206 && r.text == fmt.Sprintf("%015d\n", number), "range", r)
	case 2:
		c.written = fmt.Sprintf("go %d %d", number, rand.Int63())
		r := c.send("PUT", fmt.Sprintf("/write?name=go-%d-%d", c.id, i%100), strings.NewReader(c.written))
		check(r.status == 200 && object(r)["name"] == fmt.Sprintf("go-%d-%d", c.id, i%100), "write", r)
	case 3:
		r := c.send("GET", fmt.Sprintf("/read?name=go-%d-%d", c.id, (i-1)%100), nil)
		check(r.status == 200 && r.text == c.written, "read", r)
	default:
		r := c.send("GET", fmt.Sprintf("/stat?name=absent-%d", number), nil)
		check(r.status == 404 && object(r)["code"] == "NOT_FOUND", "absent", r)
	}
}

func main() {
	pipe := os.Args[1]
	count, _ := strconv.Atoi(os.Args[2])
	clients, _ := strconv.Atoi(os.Args[3])
	each := (count + clients - 1) / clients
	newClient(0, pipe).each()
	var done sync.WaitGroup
	start := time.Now()
	for id := 0; id < clients; id++ {
		done.Add(1)
		go func(c *client) {
			defer done.Done()
			for i := 0; i < each; i++ {
				c.mixed(i, c.id*each+i)
			}
			// net/http gives up a connection on which it is 50 ms late itself.
			if c.connections.Load() > int32(1+each/100) {
				panic(fmt.Sprintf("%d connections", c.connections.Load()))
			}
		}(newClient(id, pipe))
	}
	done.Wait()
	fmt.Printf("ok %d, %.0f a second\n", each*clients, float64(each*clients)/time.Since(start).Seconds())
}
