// Go's net/http as a server of files on a Unix-domain socket. Arguments: the socket, and the folder.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
)

func info(file os.FileInfo) map[string]any {
	kind := "FILE"
	if file.IsDir() {
		kind = "FOLDER"
	}
	return map[string]any{"name": file.Name(), "type": kind, "size": file.Size(), "lastModified": file.ModTime().UTC()}
}

func main() {
	root := os.Args[2]
	at := func(request *http.Request) string {
		return filepath.Join(root, filepath.Clean("/"+request.URL.Query().Get("name")))
	}
	answer := func(response http.ResponseWriter, value any, err error) {
		if err != nil {
			http.Error(response, "no such file", http.StatusNotFound)
			return
		}
		response.Header().Set("Content-Type", "application/json")
		json.NewEncoder(response).Encode(value)
	}
	http.HandleFunc("/read", func(response http.ResponseWriter, request *http.Request) {
		http.ServeFile(response, request, at(request))
	})
	http.HandleFunc("/stat", func(response http.ResponseWriter, request *http.Request) {
		file, err := os.Stat(at(request))
		if err != nil {
			answer(response, nil, err)
			return
		}
		answer(response, info(file), nil)
	})
	http.HandleFunc("/list", func(response http.ResponseWriter, request *http.Request) {
		entries, err := os.ReadDir(at(request))
		list := []map[string]any{}
		for _, entry := range entries {
			if file, err := entry.Info(); err == nil {
				list = append(list, info(file))
			}
		}
		answer(response, list, err)
	})
	http.HandleFunc("/write", func(response http.ResponseWriter, request *http.Request) {
		file, err := os.Create(at(request))
		if err == nil {
			_, err = io.Copy(file, request.Body)
			file.Close()
		}
		answer(response, map[string]any{"name": filepath.Base(at(request))}, err)
	})
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	panic(http.Serve(listener, nil))
}
