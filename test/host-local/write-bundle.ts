// Saves the state of a scenario in the layout of a bundle: the plugin's files lie there already, this adds what kubectl, stat and crictl would say.
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Settings } from './scenario.ts'
import { maxPods, type StoryNode, type StoryPod } from './story.ts'

interface Story {
  readonly folder: string
  readonly nodes: readonly StoryNode[]
  readonly settings: Settings
  readonly collectedAt: number
  readonly beginning: number
}

export function writeBundle(story: Story): void {
  const { folder, nodes, settings, collectedAt } = story
  const list = (items: readonly unknown[]) => ({ apiVersion: 'v1', kind: 'List', items, metadata: { resourceVersion: '' } })
  write(folder, 'cluster/nodes.json', list(nodes.map((node, index) => nodeObject(node, index, story))))
  write(
    folder,
    'cluster/pods.json',
    list(nodes.flatMap((node, index) => [proxyPod(node, index, story), ...node.pods.map((pod) => podObject(pod, node, index))])),
  )
  for (const node of nodes) {
    const root = join(folder, 'nodes', node.name)
    write(root, `etc/cni/net.d/10-${node.network}.conflist`, conflist(node))
    if (settings.sandboxes) write(root, 'crictl-pods.json', { items: node.pods.filter((pod) => pod.sandbox !== undefined).map(sandboxItem) })
    if (settings.stat) write(root, 'stat.json', statFile(root, node, story))
  }
  const sources = ['nodes', 'pods', 'host-local']
  if (settings.stat)
    write(folder, 'bundle.json', { apiVersion: 'ipam/v1', kind: 'Bundle', cluster: 'churn', collectedAt: iso(collectedAt), complete: true, sources })
  for (const path of filesBelow(folder)) if (isYounger(path, collectedAt)) utimesSync(path, collectedAt / 1000, collectedAt / 1000)
}

/** Address files already have their times of the story; what was written just now has today's. */
const isYounger = (path: string, time: number) => statSync(path).mtimeMs > time

const iso = (time: number) => new Date(time).toISOString()
/** As the API server writes times: whole seconds. */
const seconds = (time: number) => iso(time).replace(/\.\d+Z$/, 'Z')

function write(root: string, path: string, content: unknown): void {
  const file = join(root, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function statFile(root: string, node: StoryNode, { collectedAt, beginning }: Story): unknown {
  const files = filesBelow(join(root, 'var')).map((path) => {
    const { mtimeMs, size, mode } = statSync(path)
    const octal = `0${(mode & 0o777).toString(8)}`
    return [relative(root, path), { mtime: iso(Math.round(Math.min(mtimeMs, collectedAt))), size, mode: octal }]
  })
  return { collectedAt: iso(collectedAt), bootTime: seconds(node.machine.bootTime ?? beginning - 7_200_000), files: Object.fromEntries(files) }
}

const conflist = (node: StoryNode) => ({
  cniVersion: '1.0.0',
  name: node.network,
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        ranges: node.subnets.map((subnet) => [{ subnet }]),
        routes: node.subnets.map((subnet) => ({ dst: subnet.includes(':') ? '::/0' : '0.0.0.0/0' })),
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
})

const internalIp = (index: number) => `172.30.0.${11 + index}`

function nodeObject(node: StoryNode, index: number, { collectedAt, beginning }: Story): unknown {
  const created = seconds(beginning - 86_400_000)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      uid: `00000000-0000-4000-8000-00000000000${index + 1}`,
      creationTimestamp: created,
      labels: { 'kubernetes.io/os': 'linux' },
    },
    spec: { podCIDR: node.podCidrs[0], podCIDRs: node.podCidrs },
    status: {
      addresses: [
        { type: 'InternalIP', address: internalIp(index) },
        { type: 'Hostname', address: node.name },
      ],
      // Half of what a /25 holds, so that nothing is wrong with the sizes.
      allocatable: { pods: String(maxPods * 2) },
      capacity: { pods: String(maxPods * 2) },
      conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: seconds(collectedAt), lastTransitionTime: created, reason: 'KubeletReady' }],
      nodeInfo: {
        containerRuntimeVersion: 'containerd://2.4.2',
        kubeletVersion: 'v1.36.3',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13',
      },
    },
  }
}

function podObject(pod: StoryPod, node: StoryNode, index: number): unknown {
  const shown = pod.addresses.length === 0 ? {} : { podIP: pod.addresses[0], podIPs: pod.addresses.map((ip) => ({ ip })) }
  const state =
    pod.phase === 'Running'
      ? { running: { startedAt: seconds(pod.sandboxSince) } }
      : pod.phase === 'Pending'
        ? { waiting: { reason: 'ContainerCreating' } }
        : { terminated: { exitCode: 0 } }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod.name, namespace: pod.namespace, uid: pod.uid, creationTimestamp: seconds(pod.createdAt) },
    spec: { nodeName: node.name, containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10' }] },
    status: {
      phase: pod.phase,
      ...shown,
      hostIP: internalIp(index),
      startTime: seconds(pod.createdAt),
      conditions: [{ type: 'Ready', status: pod.phase === 'Running' ? 'True' : 'False', lastTransitionTime: seconds(pod.sandboxSince) }],
      containerStatuses: [{ name: 'main', ready: pod.phase === 'Running', restartCount: pod.attempt, state }],
    },
  }
}

/** A host-network pod per node: it shows the node's address and is no duplicate of anything. */
function proxyPod(node: StoryNode, index: number, { beginning }: Story): unknown {
  const created = seconds(beginning - 86_000_000)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `kube-proxy-${index + 1}`,
      namespace: 'kube-system',
      uid: `00000000-0000-4000-9000-00000000000${index + 1}`,
      creationTimestamp: created,
    },
    spec: { nodeName: node.name, hostNetwork: true, containers: [{ name: 'main', image: 'registry.k8s.io/kube-proxy:v1.36.3' }] },
    status: { phase: 'Running', podIP: internalIp(index), podIPs: [{ ip: internalIp(index) }], hostIP: internalIp(index), startTime: created },
  }
}

/** One item of `crictl pods -o json`: protojson, so 64-bit nanoseconds are text. */
const sandboxItem = (pod: StoryPod) => ({
  id: pod.sandbox,
  metadata: { name: pod.name, uid: pod.uid, namespace: pod.namespace, attempt: pod.attempt },
  state: 'SANDBOX_READY',
  createdAt: `${pod.sandboxSince}000000`,
  labels: { 'io.kubernetes.pod.name': pod.name, 'io.kubernetes.pod.namespace': pod.namespace, 'io.kubernetes.pod.uid': pod.uid },
  annotations: {},
  runtimeHandler: '',
})
