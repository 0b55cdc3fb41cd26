// The shell script that the collecting pods run: it reads the node below /host and prints what it found as one stream that shows when a part is missing.
// It needs POSIX sh with tar, gzip, base64, fold, tr, sed, find, sha256sum, du, readlink and touch, as busybox has them.
import { STATE_PARENTS } from '../../state-names.ts'

/** Of files with one of these endings alone: kubeconfigs with tokens lie in the same folders. */
export const CONFIGURATION: readonly string[] = ['etc/cni/net.d', 'etc/cni/multus/net.d', 'var/lib/rancher/k3s/agent/etc/cni/net.d']
export const RESULTS: readonly string[] = ['var/lib/cni/results', 'var/lib/cni/cache/results', 'var/lib/cni/multus/results']
const SINGLE = ['run/flannel/subnet.env', 'etc/docker/daemon.json']
const SOCKETS = ['run/containerd/containerd.sock', 'run/k3s/containerd/containerd.sock', 'run/crio/crio.sock', 'run/cri-dockerd.sock']
const CRICTL = ['usr/bin', 'usr/local/bin', 'opt/bin', 'home/kubernetes/bin', 'var/lib/rancher/rke2/bin']

/**
 * `sh -c SCRIPT ipam [HOST WORK once]`. The log keeps what is printed, so secrets are taken out on the node: values of keys that sound like one,
 * users of URLs, and the copy of the configuration that libcni's cache holds.
 * The sandboxes are listed before the disk is read: a file that is in no list is then younger than the list. A directory of host-local changes
 * while it is read, and tar says so; it is read up to three times.
 */
export const nodeScript = String.raw`set -u
export LC_ALL=C
host=/host; work=/work
[ $# -ge 2 ] && { host=$1; work=$2; }
umask 077
exec 2>/dev/null
clock=$(date +%s)
boot=$(sed -n 's/^btime //p' /proc/stat)
rm -rf "$work/root"; mkdir -p "$work/root"
note() { printf '%s\n' "$*" | tr '\n' ' ' >>"$work/root/ipam-notes"; echo >>"$work/root/ipam-notes"; }
stage() { # folder, name: a copy without secrets
  f=$host/$1/$2
  [ -f "$f" ] || { [ -L "$f" ] && note "$1/$2 is a link to a place that was not read"; return 0; }
  real=$(readlink -f "$f")
  case $real in
    "$host"/etc/cni/*|"$host"/etc/docker/*|"$host"/var/lib/rancher/*|"$host"/var/lib/cni/*|"$host"/run/flannel/*) ;;
    *) note "$1/$2 is a link to a place that was not read"; return 0 ;;
  esac
  [ "$(wc -c <"$real")" -le 1048576 ] || { note "$1/$2 is larger than 1 MiB and was not read"; return 0; }
  mkdir -p "$work/root/$1"
  sed -E -e 's/("[^"]*([Tt]oken|[Pp]assword|[Ss]ecret|key-data|[Pp]rivate[-_]?[Kk]ey)[^"]*"[[:space:]]*:[[:space:]]*)"[^"]*"/\1"removed"/g' -e 's#://[^/@" ]*@#://removed@#g' \
    -e '/"kind":"cniCacheV1"/s/"config":"[^"]*"/"config":""/' "$real" >"$work/root/$1/$2" || note "$1/$2 could not be read"
  touch -r "$real" "$work/root/$1/$2"
}
sandboxes() {
  for c in "$(command -v crictl)" ${CRICTL.map((folder) => `"$host/${folder}/crictl"`).join(' ')}; do
    [ -x "$c" ] || continue
    for s in ${SOCKETS.join(' ')}; do
      [ -S "$host/$s" ] || continue
      timeout 20 "$c" --runtime-endpoint "unix://$host/$s" pods -o json >"$work/pods.json" && mv "$work/pods.json" "$work/root/crictl-pods.json" && return 0
      note "crictl could not list the sandboxes of /$s"
    done
    return 0
  done
}
sandboxes
for d in ${CONFIGURATION.join(' ')}; do
  for f in "$host/$d"/*.conf "$host/$d"/*.conflist "$host/$d"/*.json; do stage "$d" "$(basename "$f")"; done
done
declared=$(find "$work/root/etc" "$work/root/var" -type f -exec cat {} + | tr ',{}' '\n\n\n' | sed -n 's/.*"dataDir"[[:space:]]*:[[:space:]]*"\/\([A-Za-z0-9._/-]*\)".*/\1/p' | sort -u)
for d in ${RESULTS.join(' ')}; do
  for f in "$host/$d"/*; do [ -f "$f" ] && [ ! -L "$f" ] && stage "$d" "$(basename "$f")"; done
done
for f in ${SINGLE.join(' ')}; do stage "$(dirname "$f")" "$(basename "$f")"; done
set --
take() { # a state directory, below the root
  [ -z "$(find "$host/$1" -xdev -type f -size +2048 | head -n 1)" ] || { note "/$1 holds a file of more than 1 MiB, which host-local never writes, and was not read"; return 1; }
}
for d in ${STATE_PARENTS.join(' ')}; do
  [ -d "$host/$d" ] && [ ! -L "$host/$d" ] && case $d in var/run/*) [ ! -L "$host/var/run" ] ;; esac && take "$d" && set -- "$@" "$d"
done
for d in $declared; do
  d=$(printf '%s' "$d" | sed 's#//*#/#g; s#/$##')
  case "/$d/" in */../*|*/./*|//) continue ;; esac
  case $d in var/lib|var/run|var/cache|etc/*|usr/*|home/*|root/*|boot/*|proc/*|sys/*|dev/*) continue ;; */*) ;; *) continue ;; esac
  case " $* " in *" $d "*) continue ;; esac
  [ -d "$host/$d" ] && [ ! -L "$host/$d" ] || continue
  [ -n "$(find "$host/$d" -maxdepth 2 -type f \( -name lock -o -name 'last_reserved_ip.*' \) | head -n 1)" ] && take "$d" && set -- "$@" "$d"
done
pack() { # name, folder, paths...
  name=$1; from=$2; shift 2
  for try in 1 2 3; do
    { tar -cf - -C "$from" "$@"; echo $? >"$work/code"; } | gzip -c >"$work/$name.gz"
    [ "$(cat "$work/code")" = 0 ] && break
    sleep 1
  done
  echo "@ipam begin $name"
  base64 "$work/$name.gz" | tr -d '\n' | fold -w 4000
  echo
  echo "@ipam end $name $(cat "$work/code") $(sha256sum "$work/$name.gz" | cut -c1-64)"
}
echo "@ipam start 1 $clock $boot"
pack files "$work/root" .
[ $# -gt 0 ] && pack state "$host" "$@"
echo "@ipam done"
[ "$work" = /work ] || exit 0
trap 'exit 0' TERM INT
while :; do sleep 3600 & wait $!; done
`
