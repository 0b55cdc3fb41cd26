// Weave Net: a ring of token ranges that peers own and give to each other, from what `weave report` said on each node (peers/<node>/weave-report.json).
// Not visible: which pod has which address, other than by pod status, and how full a peer's share is.
import type { Block, ModeSignal, NodeRecord, Pool, Problem, Shortage } from '../model/inventory.ts'
import { cidrsOf, formatRange, type Range, rangeCovers, rangeSet } from '../net/index.ts'
import { defineSystem } from './define-system.ts'
import { listAt, textAt } from './kubernetes/fields.ts'
import { json } from './node/evidence-files.ts'
import { compareRings, doubleClaims } from './weave/compare-rings.ts'
import { type RingEntry, readWeaveReport, type WeaveReport } from './weave/read-report.ts'

const SYSTEM = 'weave'
/** Of the ConfigMap kube-system/weave-net: `{"Peers":[{"PeerName","NodeName"}]}`. */
const PEERS = 'kube-peers.weave.works/peers'

/** The newest view: versions only grow, and every change of hands raises one. */
function newestOf(reports: readonly WeaveReport[]): WeaveReport | undefined {
  const age = ({ entries }: WeaveReport): number => entries.reduce((sum, { version }) => sum + version, 0)
  return reports.reduce<WeaveReport | undefined>((best, report) => (best === undefined || age(report) > age(best) ? report : best), undefined)
}

/** Kubernetes node of a peer: by the folder of its own report, by Weave's list, by its nickname, which is the host name. */
function nodeNames(reports: readonly WeaveReport[], listed: ReadonlyMap<string, string>): (entry: RingEntry) => string {
  const own = new Map(reports.map(({ peer, folder }) => [peer, folder]))
  return ({ peer, nickname }) => own.get(peer) ?? listed.get(peer) ?? (nickname === '' ? peer : nickname)
}

/** Peers that nobody who answered can reach. One view alone may be that of a partition, so a single report of a known peer is enough to clear it. */
function lostEntries(reports: readonly WeaveReport[], newest: WeaveReport): readonly RingEntry[] {
  const reached = new Set(reports.flatMap(({ peer, entries }) => [peer, ...entries.filter(({ known }) => known).map((entry) => entry.peer)]))
  return newest.entries.filter(({ peer }) => !reached.has(peer))
}

function lostPeers(reports: readonly WeaveReport[], newest: WeaveReport, nodeOf: (entry: RingEntry) => string): NodeRecord[] {
  const lost = lostEntries(reports, newest)
  // A node that was made anew has a new peer name under its old nickname; the old peer's share is nobody's.
  const nicknames = new Set(newest.entries.filter((entry) => !lost.includes(entry)).map(({ nickname }) => nickname))
  return [...new Map(lost.map((entry) => [entry.peer, entry])).values()].map((entry) => ({
    system: SYSTEM,
    node: nicknames.has(entry.nickname) ? entry.peer : nodeOf(entry),
    what: `Weave peer ${entry.peer}${entry.nickname === '' ? '' : ` (${entry.nickname})`}, unreachable`,
    ranges: rangeSet(lost.filter(({ peer }) => peer === entry.peer).map(({ range }) => range)).ranges,
    origin: newest.origin,
  }))
}

const blocksOf = (newest: WeaveReport, nodeOf: (entry: RingEntry) => string): Block[] =>
  newest.entries.flatMap((entry) =>
    [...cidrsOf(entry.range)].map((cidr) => ({ system: SYSTEM, pool: SYSTEM, domain: 'default', cidr, node: nodeOf(entry), origin: newest.origin })),
  )

/** What two peers own at once, of the one that the newest view does not name. */
function contestedBlocks(reports: readonly WeaveReport[], newest: WeaveReport): Block[] {
  const isNamed = (peer: string, range: Range): boolean => newest.entries.some((entry) => entry.peer === peer && rangeCovers(entry.range, range))
  return doubleClaims(reports)
    .filter(({ settled }) => settled)
    .flatMap(({ range, claims }) => claims.filter(({ report }) => !isNamed(report.peer, range)).map(({ report }) => ({ range, report })))
    .flatMap(({ range, report: { folder, origin } }) =>
      [...cidrsOf(range)].map((cidr) => ({ system: SYSTEM, pool: SYSTEM, domain: 'default', cidr, node: folder, origin })),
    )
}

const poolOf = ({ universe, origin }: WeaveReport): Pool => ({
  system: SYSTEM,
  name: SYSTEM,
  domain: 'default',
  family: universe.family,
  ranges: [universe],
  unrecorded: true,
  certainty: 'declared',
  origin,
})

const shortagesOf = ({ waiting, undecided, folder, origin }: WeaveReport): Shortage[] => [
  ...(waiting > 0 ? [{ system: SYSTEM, pool: SYSTEM, node: folder, error: `containers wait for an address: ${waiting}`, origin }] : []),
  ...(undecided ? [{ system: SYSTEM, pool: SYSTEM, node: folder, error: 'the peers have not agreed on a ring yet (no consensus)', origin }] : []),
]

export const weave = defineSystem({
  id: SYSTEM,
  title: 'Weave Net',
  kinds: ['/ConfigMap'],
  files: true,
  parser() {
    const reports: WeaveReport[] = []
    const listed = new Map<string, string>()
    const problems: Problem[] = []
    const unreadable = (source: string, origin: string, message: string): void =>
      void problems.push({ kind: 'unreadable', source, subject: origin, message: `${origin}: ${message}`, origin })
    return {
      object({ object, origin }) {
        const text = textAt(object, 'metadata', 'annotations', PEERS)
        if (text === undefined || textAt(object, 'metadata', 'name') !== 'weave-net') return
        const value = json(text)
        if (value === undefined) unreadable('configmaps', origin, `annotation ${PEERS} of ConfigMap weave-net is no JSON`)
        for (const peer of listAt(value, 'Peers')) {
          const [name, node] = [textAt(peer, 'PeerName'), textAt(peer, 'NodeName')]
          if (name !== undefined && node !== undefined) listed.set(name, node)
        }
      },
      file({ area, node, path, text, origin }) {
        if (area !== 'peer' || !path.endsWith('weave-report.json')) return
        const report = readWeaveReport(text, node, origin)
        if (typeof report === 'string') unreadable(origin, origin, report)
        else reports.push(report)
      },
      finish() {
        reports.sort((a, b) => (a.folder < b.folder ? -1 : 1))
        const newest = newestOf(reports)
        const broken = problems.filter(({ source }) => source !== 'configmaps')
        const coverage = [
          ...reports.map(({ origin, entries }) => ({ source: origin, status: 'complete' as const, read: entries.length, error: null })),
          ...broken.map(({ source, message }) => ({ source, status: 'failed' as const, read: 0, error: message })),
        ]
        if (newest === undefined) return { problems, coverage }
        const nodeOf = nodeNames(reports, listed)
        const fact = `weave report of ${reports.length === 1 ? '1 node' : `${reports.length} nodes`}: the ring is ${formatRange(newest.universe)}`
        const signal: ModeSignal = { mode: 'weave', weight: 2, fact, origin: newest.origin }
        return {
          pools: [poolOf(newest)],
          blocks: [...blocksOf(newest, nodeOf), ...contestedBlocks(reports, newest)],
          nodeRecords: lostPeers(reports, newest, nodeOf),
          inconsistencies: compareRings(reports),
          shortages: reports.flatMap(shortagesOf),
          signals: [signal],
          problems,
          coverage,
        }
      },
    }
  },
})
