// Leads from one network to another: listens in one network namespace and dials in another, both at loopback.
//
//	doorway in NETNS PORT      inside NETNS, PORT is this machine's PORT
//	doorway out NETNS PORT SOCKET      here, the unix socket SOCKET is PORT inside NETNS
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
func inside[T any](namespace string, open func() (T, error)) (T, error) {
	var none T
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return none, err
	}
	defer own.Close()
	other, err := os.Open(namespace)
	if err != nil {
		return none, err
	}
	defer other.Close()
	if err := unix.Setns(int(other.Fd()), unix.CLONE_NEWNET); err != nil {
		return none, err
	}
	opened, err := open()
	if back := unix.Setns(int(own.Fd()), unix.CLONE_NEWNET); back != nil {
		log.Fatal(back)
	}
	return opened, err
}

type halfCloser interface{ CloseWrite() error }

func join(near net.Conn, dial func() (net.Conn, error)) {
	defer near.Close()
	far, err := dial()
	if err != nil {
		log.Print(err)
		return
	}
	defer far.Close()
	go func() {
		io.Copy(far, near)
		far.(halfCloser).CloseWrite()
	}()
	io.Copy(near, far)
}

func main() {
	way, namespace, address := os.Args[1], os.Args[2], net.JoinHostPort("127.0.0.1", os.Args[3])
	// By its number: a name would be looked up on another thread, which is in the wrong namespace.
	dial := func() (net.Conn, error) { return net.Dial("tcp4", address) }
	listen := func() (net.Listener, error) { return net.Listen("tcp4", address) }
	var listener net.Listener
	var err error
	if way == "in" {
		listener, err = inside(namespace, listen)
	} else {
		listener, err = net.Listen("unix", os.Args[4])
	}
	if err != nil {
		log.Fatal(err)
	}
	for {
		near, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		if way == "in" {
			go join(near, dial)
		} else {
			go join(near, func() (net.Conn, error) { return inside(namespace, dial) })
		}
	}
}
