// Prints the pod sandboxes of a runtime as `crictl pods -o json` does: cri-pods /run/containerd/containerd.sock
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func list(socket string) ([]byte, error) {
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	within, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	answer, err := runtime.NewRuntimeServiceClient(connection).ListPodSandbox(within, &runtime.ListPodSandboxRequest{})
	if err != nil {
		return nil, err
	}
	// crictl prints fields with their default values too: https://github.com/kubernetes-sigs/cri-tools/blob/v1.36.0/cmd/crictl/util.go
	return protojson.MarshalOptions{EmitDefaultValues: true, Indent: "  "}.Marshal(answer)
}

func main() {
	text, err := list(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(text))
}
