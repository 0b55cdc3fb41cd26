// What a collection says of its own gaps, without the names in it: what it quotes is hidden, and of nodes the reasons are left out, which are the cluster's words.
import type { Coverage } from '../../model/inventory.ts'
import type { NameHider } from './redact-object.ts'

const NODE = /^nodes\/(.+)$/

export function redactCoverage(hide: NameHider, { source, status, read, error }: Coverage): Coverage {
  const node = NODE.exec(source)?.[1]
  if (node !== undefined)
    return { source: `nodes/${hide.name(node)}`, status, read, error: error === null ? null : 'the reason is left out by --redact' }
  return { source, status, read, error: error?.replaceAll(/"([^"]*)"/g, (_, quoted: string) => JSON.stringify(hide.name(quoted))) ?? null }
}
