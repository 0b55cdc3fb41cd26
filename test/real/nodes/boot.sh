#!/bin/bash
# What a node's first process does: makes the inside of its namespaces look like a machine of its own, then runs containerd and kubelet.
# NODE_FOLDER holds what outlives a boot (disk/, overlay/) and the logs; everything mounted here ends with the mount namespace.
set -eu
cd "$NODE_FOLDER"

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
for controller in $NODE_CONTROLLERS; do
  mkdir "/sys/fs/cgroup/$controller"
  case $controller in systemd) options=none,name=systemd ;; *) options=$controller ;; esac
  mount -t cgroup -o "$options" cgroup "/sys/fs/cgroup/$controller"
done

for path in etc var/lib var/log opt; do
  mkdir -p "overlay/$path/upper" "overlay/$path/work"
  mount -t overlay overlay -o "lowerdir=/$path,upperdir=$PWD/overlay/$path/upper,workdir=$PWD/overlay/$path/work" "/$path"
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/netns
# Not seen through the overlay: this machine may have a runtime or CNI state of its own.
for path in var/lib/cni var/lib/kubelet var/lib/containerd etc/cni/net.d etc/containerd opt/cni/bin; do
  mkdir -p "disk/$path" "/$path"
  mount --bind "disk/$path" "/$path"
done
mount --make-rshared /

# kubelet wants to see and would set these; the machine's own stay as they are.
mkdir -p shown
show() { echo "$2" > "shown/${1##*/}"; mount --bind "shown/${1##*/}" "/proc/sys/$1"; }
show vm/overcommit_memory 1
show kernel/panic 10
show kernel/panic_on_oops 1
show kernel/random/boot_id "$(cat /proc/sys/kernel/random/uuid)"
[ -f machine-id ] || tr -d - < /proc/sys/kernel/random/uuid > machine-id
cp machine-id /etc/machine-id

hostname "$NODE_NAME"
ip link set lo up
# The other end of the cable lies inside too: nothing of the node is to be seen or reached from outside.
ip link add eth0 type veth peer name cable
ip link set cable up
ip addr add "$NODE_ADDRESS/16" dev eth0
ip link set eth0 up
ip route add default dev eth0
echo 1 > /proc/sys/net/ipv4/ip_forward
date -u +%FT%T.%3NZ > boot-time

containerd --config /etc/containerd/config.toml >> containerd.log 2>&1 &
until ctr --connect-timeout 1s version > /dev/null 2>&1; do sleep 0.05; done
for image in images/*.tar; do ctr --namespace k8s.io images import "$image" >> import.log 2>&1; done
# The API server is reached through a door that is opened from outside.
until (: < "/dev/tcp/127.0.0.1/$NODE_API_PORT") 2> /dev/null; do sleep 0.05; done
kubelet --config=kubelet.json --kubeconfig="$NODE_KUBECONFIG" --hostname-override="$NODE_NAME" --node-ip="$NODE_ADDRESS" --v=2 >> kubelet.log 2>&1 &
# The first process inherits orphans (shims) and has to collect them.
while :; do wait -n || sleep 1; done
