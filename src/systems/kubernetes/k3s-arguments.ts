// Ranges that k3s and RKE2 servers were started with: their controllers are no pods, but each server writes its arguments onto its Node
// (k3s pkg/nodeconfig; the configuration file is merged in, secrets are hashed).
import type { DeclaredRange } from '../../model/inventory.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { cidrList } from './controller-flags.ts'
import { textAt } from './fields.ts'

export interface K3sRanges {
  readonly stated: readonly DeclaredRange[]
  /** What a server without the argument uses (https://docs.k3s.io/cli/server, Networking). */
  readonly defaults: readonly DeclaredRange[]
}

const ANNOTATIONS = { k3s: 'k3s.io/node-args', rke2: 'rke2.io/node-args' }
const DEFAULT_RANGES = { pods: '10.42.0.0/16', services: '10.43.0.0/16' }

/** `--flag value` and `--flag=value`; a flag may come several times. */
function valuesOf(words: readonly string[], flag: string): string[] {
  return words.flatMap((word, i) => (word.startsWith(`${flag}=`) ? [word.slice(flag.length + 1)] : word === flag ? (words[i + 1] ?? []) : []))
}

function wordsOf(text: string | undefined): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : []
  } catch {
    return [] // a poorer source, not a fault of addresses
  }
}

export function rangesOfK3sServer({ object, origin }: ObjectDocument): K3sRanges {
  const stated: DeclaredRange[] = []
  const defaults: DeclaredRange[] = []
  for (const [program, key] of Object.entries(ANNOTATIONS)) {
    const words = wordsOf(textAt(object, 'metadata', 'annotations', key))
    if (words[0] !== 'server') continue
    const passed = valuesOf(words, '--kube-controller-manager-arg')
    const maskOf = (family: 4 | 6): number => {
      const text = [`node-cidr-mask-size-ipv${family}`, 'node-cidr-mask-size'].flatMap((name) => valuesOf(passed, name)).at(0)
      return Number(text ?? '') || (family === 4 ? 24 : 64)
    }
    for (const [role, flag] of [
      ['pods', '--cluster-cidr'],
      ['services', '--service-cidr'],
    ] as const) {
      const given = valuesOf(words, flag)
      const by = given.length > 0 ? `${program} argument ${flag}` : `${program} default of ${flag}`
      for (const cidr of cidrList(given.length > 0 ? given.join(',') : DEFAULT_RANGES[role])) {
        const range: DeclaredRange = {
          role,
          cidr,
          by,
          certainty: 'declared',
          origin,
          ...(role === 'pods' ? { nodePrefix: maskOf(cidr.family) } : {}),
        }
        ;(given.length > 0 ? stated : defaults).push(range)
      }
    }
  }
  return { stated, defaults }
}
