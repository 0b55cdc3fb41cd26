// What runs in the test's pods: waits for the signal to end, or ends well by itself after a number of seconds: pause [SECONDS]
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGINT, syscall.SIGTERM)
	fmt.Println("waiting")
	var over <-chan time.Time
	if len(os.Args) > 1 {
		span, err := time.ParseDuration(os.Args[1] + "s")
		if err != nil {
			panic(err)
		}
		over = time.After(span)
	}
	select {
	case <-asked:
	case <-over:
	}
}
