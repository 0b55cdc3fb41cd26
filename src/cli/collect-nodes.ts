// The flags for reading nodes with a DaemonSet, and what they ask for.
import { Flags } from '@oclif/core'
import { stringify } from 'yaml'
import { UsageError } from '../model/errors.ts'
import type { Coverage } from '../model/inventory.ts'
import { DAEMON_LABEL, daemonManifest } from '../sources/cluster/nodes/node-daemon.ts'
import type { NodeExcerpt } from '../sources/cluster/nodes/node-excerpt.ts'
import { redactExcerpt } from '../sources/cluster/nodes/redact-excerpt.ts'
import type { NameHider } from '../sources/cluster/redact-object.ts'
import type { ClusterRequest } from '../sources/cluster.ts'
import { nodeCollection } from '../sources/cluster-nodes.ts'
import { parseSpan } from './audit-flags.ts'
import type { BundleFolder } from './bundle-folder.ts'
import { withCleanup } from './with-cleanup.ts'

const group = { helpGroup: 'NODES' } as const

export const nodeFlags = {
  nodes: Flags.boolean({ ...group, summary: 'read the nodes too, with a DaemonSet that is removed again' }),
  image: Flags.string({
    ...group,
    default: 'busybox:1.37',
    helpValue: 'IMAGE',
    summary: 'image of its pods; needs what busybox has, crictl is used if there',
  }),
  'node-namespace': Flags.string({
    ...group,
    default: 'kube-system',
    helpValue: 'NAME',
    summary: 'its namespace; must allow host paths and the host network',
  }),
  'node-timeout': Flags.string({
    ...group,
    default: '2m',
    helpValue: 'SPAN',
    summary: 'longest time without news, after which silent nodes are given up',
  }),
  'print-manifest': Flags.boolean({ ...group, summary: 'print the DaemonSet for applying it by hand, and end' }),
  'node-daemonset': Flags.string({
    ...group,
    helpValue: 'NAME',
    summary: 'read the nodes through this DaemonSet, applied by hand, and leave it',
    exclusive: ['nodes'],
  }),
}

interface NodeFlags {
  readonly nodes: boolean
  readonly image: string
  readonly 'node-namespace': string
  readonly 'node-timeout': string
  readonly 'node-daemonset'?: string | undefined
}

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

/** As YAML, under a fixed name. @throws UsageError */
export function nodeManifest(flags: NodeFlags): string {
  return `# Read what it printed with: ipam collect --node-daemonset ${DAEMON_LABEL} --node-namespace ${checked(flags)} --out DIR
${stringify(daemonManifest({ name: DAEMON_LABEL, namespace: checked(flags), image: flags.image }), { lineWidth: 0 })}`
}

function checked(flags: NodeFlags): string {
  for (const flag of ['node-namespace', 'node-daemonset'] as const) {
    const name = flags[flag]
    if (name !== undefined && !NAME.test(name)) throw new UsageError(`--${flag} ${JSON.stringify(name)} is no name that Kubernetes would accept`)
  }
  if (flags.image.trim() === '') throw new UsageError('--image is empty')
  return flags['node-namespace']
}

/** Nothing is read where no flag asks for it. @param hide for names; undefined: they stay @throws UsageError, StartError, OutputError */
export async function collectNodes(
  flags: NodeFlags,
  cluster: ClusterRequest,
  folder: BundleFolder,
  hide: NameHider | undefined,
): Promise<{ readonly coverage: readonly Coverage[]; readonly warnings: readonly string[] }> {
  const existing = flags['node-daemonset']
  if (!flags.nodes && existing === undefined) return { coverage: [], warnings: [] }
  const namespace = checked(flags)
  const patience = parseSpan('--node-timeout', flags['node-timeout'])
  const deliver = (name: string, sent: NodeExcerpt) => {
    const { node, excerpt } = hide === undefined ? { node: name, excerpt: sent } : redactExcerpt(hide, name, sent)
    folder.addNode(node, excerpt.files, excerpt.stat)
  }
  const collection = nodeCollection({ cluster, image: flags.image, namespace, existing, patience, deliver })
  const { coverage, warnings } = await withCleanup(collection.run, collection.cancel)
  if (hide === undefined) return { coverage, warnings }
  // The bundle does not say why: these are the cluster's own words, for the person who collects alone.
  const reasons = coverage.flatMap(({ source, error }) => (error === null ? [] : [`${source}: ${error}`]))
  return { coverage, warnings: [...warnings, ...reasons] }
}
