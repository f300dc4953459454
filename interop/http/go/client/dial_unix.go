//go:build !windows

package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
)

func dial(ctx context.Context, pipe string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(os.TempDir(), "CoreFxPipe_"+pipe))
}
