// Lets a node that has a network of its own reach servers on this machine's loopback addresses, at the same address and port:
// doorway NETNS PORT... listens inside the network namespace NETNS and dials from the one that it was started in.
package main

import (
	"io"
	"log"
	"net"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// A socket belongs to the namespace that it was made in, so only the making has to happen inside.
func listenInside(namespace, address string) (net.Listener, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return nil, err
	}
	defer own.Close()
	inside, err := os.Open(namespace)
	if err != nil {
		return nil, err
	}
	defer inside.Close()
	if err := unix.Setns(int(inside.Fd()), unix.CLONE_NEWNET); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp4", address)
	if back := unix.Setns(int(own.Fd()), unix.CLONE_NEWNET); back != nil {
		log.Fatal(back)
	}
	return listener, err
}

func join(inner net.Conn, address string) {
	defer inner.Close()
	outer, err := net.Dial("tcp4", address)
	if err != nil {
		log.Print(err)
		return
	}
	defer outer.Close()
	go func() {
		io.Copy(outer, inner)
		outer.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(inner, outer)
}

func serve(listener net.Listener, address string) {
	for {
		inner, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go join(inner, address)
	}
}

func main() {
	for _, port := range os.Args[2:] {
		address := net.JoinHostPort("127.0.0.1", port)
		listener, err := listenInside(os.Args[1], address)
		if err != nil {
			log.Fatal(err)
		}
		go serve(listener, address)
	}
	select {}
}
