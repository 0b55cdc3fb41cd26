// Which nodes have to answer a collection, and which of them cannot.
import { isJsonObject, type JsonObject } from '../../unwrap-lists.ts'
import type { Client } from '../client.ts'
import { listPages } from '../list-pages.ts'
import { WITHOUT_KUBELET } from './node-daemon.ts'

const NODES = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false } as const
/** A node's name becomes the name of a folder. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

/** Names, with what keeps one from answering. Windows nodes and those without a kubelet are not among them: no such pod runs there. @throws RequestFailure */
export async function expectedNodes(client: Client): Promise<ReadonlyMap<string, string | undefined>> {
  const expected = new Map<string, string | undefined>()
  const request = { resource: NODES, namespace: undefined, labelSelector: undefined, limit: 500 }
  const { failure } = await listPages(client, request, ({ list }) => {
    for (const node of list['items'] as readonly unknown[]) {
      if (!isJsonObject(node) || !isJsonObject(node['metadata'])) continue
      const { name, labels } = node['metadata']
      if (typeof name !== 'string' || !NAME.test(name) || !runsPods(isJsonObject(labels) ? labels : {})) continue
      expected.set(name, troubleOf(node))
    }
  })
  if (failure !== undefined) throw failure
  return expected
}

function runsPods(labels: JsonObject): boolean {
  const system = labels['kubernetes.io/os']
  return (system === undefined || system === 'linux') && Object.entries(WITHOUT_KUBELET).every(([key, value]) => labels[key] !== value)
}

function troubleOf(node: JsonObject): string | undefined {
  const status = isJsonObject(node['status']) ? node['status'] : {}
  const conditions = Array.isArray(status['conditions']) ? status['conditions'].filter(isJsonObject) : []
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (ready?.['status'] === 'True') return undefined
  return `the node is not Ready${typeof ready?.['message'] === 'string' ? `: ${ready['message'].slice(0, 300)}` : ''}`
}
