// Addresses that the CNI plugin host-local hands out on each node: its state directories, the CNI configuration around them, and the
// node's own evidence of who is alive. Not visible: addresses of plugins without files (dhcp, static), other engines' containers.
import type { Coverage, OutsideNetwork, Problem } from '../model/inventory.ts'
import type { CachedResult, NodeNetwork, NodeState, Sandbox, StateDirectory } from '../model/node-state.ts'
import type { FileDocument, NodeDocument, StateDocument } from '../sources/source.ts'
import type { ConfigurationReading } from './cni/configuration-reading.ts'
import { readConfiguration } from './cni/read-configuration.ts'
import { defineSystem } from './define-system.ts'
import { isBookkeeping, isCursor, parseAllocationFile } from './node/allocation-file.ts'
import { parseCachedResult, parseDaemonJson, parseSandboxes, parseSubnetEnv } from './node/evidence-files.ts'
import { modeSignals } from './node/mode-signals.ts'

/** Configuration folders of the runtimes; libcni takes these three endings only, to the letter. */
const CONFIGURATION = /(^|\/)(etc\/cni\/net\.d|etc\/cni\/multus\/net\.d|args\/cni-network)\/[^/]+\.(conf|conflist|json)$/
const RESULT = /^var\/lib\/cni\/(multus\/|cache\/)?results\/[^/]+$/

interface NodeParts {
  document: NodeDocument | undefined
  readonly configurations: FileDocument[]
  readonly directories: StateDirectory[]
  readonly results: CachedResult[]
  sandboxes: Sandbox[] | undefined
  flannel: NodeState['flannel']
}

function toDirectory(document: StateDocument): StateDirectory {
  const files = []
  const cursors = []
  const unknown = []
  for (const entry of document.entries) {
    if (isBookkeeping(entry.name)) {
      if (isCursor(entry.name)) cursors.push({ name: entry.name, text: entry.text ?? '' })
      continue
    }
    const file = parseAllocationFile(entry)
    if (file === undefined) unknown.push({ name: entry.name, kind: entry.kind })
    else files.push(file)
  }
  // /var/run is a link to /run wherever systemd runs.
  const path = `/${document.path}`.replace(/^\/var\/run\//, '/run/')
  return {
    node: document.node,
    network: path.slice(path.lastIndexOf('/') + 1),
    path,
    files,
    cursors,
    unknown,
    error: document.error,
    origin: document.origin,
  }
}

/** Multus reads this folder by itself; what lies there is attached beside the default network and never is it. */
const isMultusFolder = (reading: ConfigurationReading): boolean => reading.file.includes('cni/multus/net.d/')

/**
 * The runtime takes files in bytewise order of the full path; the first that can be read is the default network (containerd go-cni, CRI-O ocicni).
 * Where that first one is Multus and names its cluster network, the network of that name is the default, wherever it is configured.
 */
function networksOf(readings: readonly ConfigurationReading[]): NodeNetwork[] {
  const usable = readings.filter((reading) => reading.error === undefined)
  const ordered = usable.filter((reading) => !isMultusFolder(reading))
  const clusterNetwork = ordered[0]?.clusterNetwork
  return usable.flatMap((reading) => {
    const position = ordered.indexOf(reading)
    return reading.networks.map((network) => ({ ...network, order: orderOf(network, position, clusterNetwork) }))
  })
}

function orderOf(network: NodeNetwork, position: number, clusterNetwork: string | undefined): number | undefined {
  if (clusterNetwork !== undefined) return network.name === clusterNetwork ? 0 : position === 0 ? undefined : Math.max(position, 1)
  if (position < 0 || network.order === undefined) return undefined
  return position === 0 ? network.order : position
}

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

export const hostLocal = defineSystem({
  id: 'host-local',
  title: 'host-local state on nodes',
  kinds: [],
  files: true,
  parser() {
    const nodes = new Map<string, NodeParts>()
    const outside: OutsideNetwork[] = []
    const problems: Problem[] = []
    const coverage: Coverage[] = []
    const partsOf = (node: string): NodeParts => {
      const parts = nodes.get(node) ?? {
        document: undefined,
        configurations: [],
        directories: [],
        results: [],
        sandboxes: undefined,
        flannel: undefined,
      }
      nodes.set(node, parts)
      return parts
    }
    const unreadable = (document: FileDocument, message: string) =>
      problems.push({
        kind: 'unreadable',
        source: document.origin,
        subject: document.path,
        message: `${document.origin}: ${message}`,
        origin: document.origin,
        node: document.node,
      })

    return {
      node(document) {
        partsOf(document.node).document = document
      },
      state(document) {
        const directory = toDirectory(document)
        partsOf(document.node).directories.push(directory)
        if (document.error === undefined) coverage.push({ source: document.origin, status: 'complete', read: directory.files.length, error: null })
      },
      file(document) {
        if (document.area !== 'node') return
        const parts = partsOf(document.node)
        if (CONFIGURATION.test(document.path)) parts.configurations.push(document)
        else if (document.path === 'crictl-pods.json') {
          parts.sandboxes = parseSandboxes(document.text)
          if (parts.sandboxes === undefined) unreadable(document, 'is not the output of `crictl pods -o json`')
        } else if (document.path === 'run/flannel/subnet.env') parts.flannel = parseSubnetEnv(document)
        else if (document.path === 'etc/docker/daemon.json') outside.push(...parseDaemonJson(document))
        else if (RESULT.test(document.path)) {
          // A cache file is written in place and can be half there; it is evidence beside others, and less of it only makes verdicts milder.
          const result = parseCachedResult(document.text)
          if (result !== undefined) parts.results.push(result)
        }
      },
      finish() {
        const states: NodeState[] = []
        for (const [node, parts] of [...nodes].sort(([a], [b]) => (a < b ? -1 : 1))) {
          const readings = parts.configurations.sort(byPath).map((document) => readConfiguration(document.text, document.path))
          const origin = parts.document?.origin ?? `nodes/${node}`
          for (const reading of readings) {
            for (const problem of reading.problems) {
              if (problem.kind === 'note') continue
              problems.push({
                kind: problem.kind,
                source: origin,
                subject: reading.file,
                message: problem.message,
                origin: `${origin}/${reading.file}`,
                node,
                addresses: problem.addresses ?? [],
              })
            }
          }
          const last = parts.directories.flatMap((directory) => directory.files.map((file) => file.mtime)).reduce((a, b) => Math.max(a, b), 0)
          states.push({
            node,
            collectedAt: parts.document?.collectedAt ?? last,
            collectedAtKnown: parts.document?.collectedAtKnown ?? false,
            bootTime: parts.document?.bootTime,
            timesKnown: parts.document?.timesKnown ?? false,
            networks: networksOf(readings),
            configurationKnown: readings.some((reading) => reading.error === undefined),
            directories: parts.directories.sort(byPath),
            sandboxes: parts.sandboxes,
            results: parts.results,
            flannel: parts.flannel,
            configFiles: readings.map((reading) => ({ name: reading.file, network: reading.name, type: reading.type, error: reading.error })),
            origin,
          })
        }
        return { nodeStates: states, outside, problems, coverage, signals: modeSignals(states) }
      },
    }
  },
})
