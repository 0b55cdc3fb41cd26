// What one run of the directory source keeps while it reads: where documents go, what was covered, what was seen.
import { setImmediate } from 'node:timers/promises'
import type { Coverage, CoverageStatus, Origin, Time } from '../model/inventory.ts'
import type { BundleDescription } from './bundle-description.ts'
import type { Document, Needs, SourceSummary } from './source.ts'

export interface Progress {
  readonly what: string
  readonly read: number
}

export interface Reading {
  /** As in Source.read. */
  readonly needs: Needs | undefined
  /** Entries that are read of one directory. */
  readonly maxEntries: number
  accept(document: Document): void
  /** Records what could not be read, or not whole, and what holds nothing but files of nodes, peers and networks. */
  cover(source: Origin, status: CoverageStatus, read: number, error: string): void
  /** The same for what may hold Kubernetes objects of any kind. */
  coverObjects(source: Origin, status: CoverageStatus, read: number, error: string): void
  progress(what: string, read: number): void
  /** True once for every real path: what is given twice is read once. */
  firstVisit(realPath: string): boolean
  /** Time of a file that holds cluster objects. */
  sawClusterFile(mtime: Time): void
  named(name: string): void
  describedBy(bundle: BundleDescription): void
  /** Gives signals and timers their turn when reading has kept them waiting: everything else here is synchronous, because that is four times faster. */
  pause(): Promise<void>
  summary(): SourceSummary
}

/** Milliseconds between two turns of the event loop. */
const TURN = 50
/** Inputs that a summary names one by one. */
const NAMED_INPUTS = 3

export interface ReadingOptions {
  readonly needs: Needs | undefined
  readonly maxEntries: number
  readonly onProgress: ((progress: Progress) => void) | undefined
}

export function startReading({ needs, maxEntries, onProgress }: ReadingOptions, accept: (document: Document) => void): Reading {
  const coverage: Coverage[] = []
  const visited = new Set<string>()
  const names: string[] = []
  let collectedAt: Time | undefined
  let newestFile: Time | undefined
  let turn = performance.now()
  return {
    needs,
    maxEntries,
    accept,
    cover: (source, status, read, error) => void coverage.push({ source, status, read, error }),
    coverObjects: (source, status, read, error) => void coverage.push({ source, status, read, error, anyKind: true }),
    progress: (what, read) => onProgress?.({ what, read }),
    firstVisit(realPath) {
      const size = visited.size
      return visited.add(realPath).size > size
    },
    sawClusterFile(mtime) {
      newestFile = later(newestFile, mtime)
    },
    named: (name) => void names.push(name),
    describedBy(bundle) {
      collectedAt = later(collectedAt, bundle.collectedAt)
      coverage.push(...bundle.coverage)
    },
    async pause() {
      if (performance.now() - turn < TURN) return
      await setImmediate()
      turn = performance.now()
    },
    summary: () => ({
      coverage,
      collectedAt,
      newestFile,
      name: names.length > NAMED_INPUTS ? `${names.slice(0, NAMED_INPUTS).join(', ')} and ${names.length - NAMED_INPUTS} more` : names.join(', '),
    }),
  }
}

const later = (a: Time | undefined, b: Time | undefined): Time | undefined => (a === undefined || (b !== undefined && b > a) ? b : a)
