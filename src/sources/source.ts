// What a source hands to the systems: documents with their origin, and never what their bytes mean.
import type { Coverage, Origin, Time } from '../model/inventory.ts'

/** One Kubernetes object, unwrapped from its List. */
export interface ObjectDocument {
  readonly type: 'object'
  readonly apiVersion: string
  readonly kind: string
  readonly object: Readonly<Record<string, unknown>>
  readonly origin: Origin
  /** Live clusters: new or changed since the pods were read, so a missing pod proves nothing about it. */
  readonly unsettled?: true
}

/** One regular file of a node's file system (not an allocation file), or of the bundle's peers/, external/ and cloud/ folders. */
export interface FileDocument {
  readonly type: 'file'
  readonly area: 'node' | 'peer' | 'external' | 'cloud'
  /** Node or peer name; empty for external and cloud files. */
  readonly node: string
  /** Path below the node's root, no leading slash: `etc/cni/net.d/10-x.conflist`, `crictl-pods.json`. */
  readonly path: string
  readonly text: string
  readonly mtime: Time
  readonly origin: Origin
}

/** One entry of a state directory. `text` is undefined where nothing could or should be read (links, FIFOs, directories). */
export interface StateEntry {
  /** Decoded name; bytes that are not UTF-8 appear as U+FFFD. */
  readonly name: string
  readonly kind: 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device' | 'unknown'
  readonly size: number
  readonly mtime: Time
  /** Up to 4,096 bytes as latin1 text (the owner is ASCII; latin1 keeps every byte). */
  readonly text: string | undefined
  readonly error: string | undefined
}

/** A directory that host-local may have written: it holds `lock`, `last_reserved_ip.N` or names that look like addresses, or lies where host-local writes. */
export interface StateDocument {
  readonly type: 'state'
  readonly node: string
  /** Path below the node's root, no leading slash: `var/lib/cni/networks/cbr0`. */
  readonly path: string
  readonly entries: readonly StateEntry[]
  readonly error: string | undefined
  /** Set when the directory's name cannot be a CNI network name (`^[a-zA-Z0-9][a-zA-Z0-9_.\-]*$`), so no plugin can use it under this name. */
  readonly unusualName?: true
  readonly origin: Origin
}

/** Facts about a node's excerpt as a whole; sent once per node, before its files. */
export interface NodeDocument {
  readonly type: 'node'
  readonly node: string
  readonly collectedAt: Time
  readonly collectedAtKnown: boolean
  readonly bootTime: Time | undefined
  readonly timesKnown: boolean
  readonly origin: Origin
}

export type Document = ObjectDocument | FileDocument | StateDocument | NodeDocument

export interface SourceSummary {
  /** Files, folders and lists that could not be read, or not whole; what was read without trouble is counted by the systems. */
  readonly coverage: readonly Coverage[]
  /** Time of collection of the cluster objects, when the source knows it. */
  readonly collectedAt: Time | undefined
  /** Newest time seen on any file, the fall-back for `collectedAt`. */
  readonly newestFile: Time | undefined
  /** Context or bundle name. */
  readonly name: string
  /** What a person should know of the way it was read: a clock that is wrong, a certificate that was not checked. */
  readonly warnings?: readonly string[]
}

/** A pod as it is now. */
export interface PodNow {
  readonly uid: string
  readonly object: Readonly<Record<string, unknown>>
}

/** Fields by their names, in lists too: `true` is all that lies below. */
export interface FieldTree {
  readonly [name: string]: true | FieldTree
}

/** What is read of the objects of one kind. */
export interface FieldsRead {
  readonly fields: FieldTree
  /** Told of an object with these fields alone: true when it is needed whole. */
  readonly whole?: ((object: Readonly<Record<string, unknown>>) => boolean) | undefined
}

/** By `group/Kind`; objects of other kinds are needed whole. */
export type Needs = ReadonlyMap<string, FieldsRead>

/** Reads everything once; documents come as they are read, so that a dump larger than memory passes through. */
export interface Source {
  /** @param needs fields that `accept` reads; a source may leave out all others. Objects come whole where it is not given. */
  read(accept: (document: Document) => void, needs?: Needs): Promise<SourceSummary>
  /** Only where it can be asked again: the pods of these `namespace/name`, undefined where there is none any more; those that could not be asked are left out. */
  recheck?(pods: readonly string[]): Promise<ReadonlyMap<string, PodNow | undefined>>
}
