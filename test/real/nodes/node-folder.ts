// What a node has on its disk before it boots: configuration of containerd and kubelet, CNI plugins, the image of its pods.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Image, imageTar } from './image.ts'
import type { NodeTools } from './node-tools.ts'

/** Image of every pod and sandbox here; it does nothing, or ends after the seconds that its argument says. */
export const pauseImage = 'localhost/pause:test'
const plugins = ['bridge', 'host-local', 'loopback', 'portmap']

export function fillNodeFolder(folder: string, tools: NodeTools, images: readonly Image[]): void {
  for (const path of ['disk/etc/containerd', 'disk/etc/cni/net.d', 'disk/opt/cni/bin', 'images']) mkdirSync(join(folder, path), { recursive: true })
  for (const plugin of plugins) copyFileSync(join(tools.plugins, plugin), join(folder, 'disk/opt/cni/bin', plugin))
  writeFileSync(join(folder, 'disk/etc/containerd/config.toml'), containerdConfig(tools.runc))
  writeFileSync(join(folder, 'kubelet.json'), JSON.stringify(kubeletConfig))
  const image = { name: pauseImage, files: { pause: readFileSync(join(tools.helpers, 'pause')) }, entrypoint: ['/pause'] }
  for (const [i, one] of [image, ...images].entries()) writeFileSync(join(folder, `images/${i}.tar`), imageTar(one))
}

/** https://github.com/containerd/containerd/blob/v2.4.2/docs/cri/config.md; scores and profiles of this machine are left alone. */
const containerdConfig = (runc: string) => `version = 3
[plugins.'io.containerd.cri.v1.images']
snapshotter = 'overlayfs'
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '${pauseImage}'
[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = true
disable_apparmor = true
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
BinaryName = '${runc}'
SystemdCgroup = false
`

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
const kubeletConfig = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  failCgroupV1: false,
  cgroupDriver: 'cgroupfs',
  containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  oomScoreAdj: 0,
  failSwapOn: false,
  makeIPTablesUtilChains: false,
  // A full disk of the machine under test is not what these tests are about.
  imageGCHighThresholdPercent: 100,
  evictionHard: { 'nodefs.available': '1%', 'imagefs.available': '1%', 'memory.available': '50Mi' },
  nodeStatusUpdateFrequency: '5s',
  syncFrequency: '10s',
}
