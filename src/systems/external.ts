// Networks outside the cluster, as people and registers list them: what pods must still be able to reach. Nothing here is allocated by Kubernetes.
// Not visible: what nobody wrote into the list.
import type { ClusterIdentity, Coverage, OutsideNetwork, Problem } from '../model/inventory.ts'
import type { FileDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { readExternal } from './external/read-external.ts'
import { textAt } from './kubernetes/fields.ts'

/** What people put beside their lists, and nobody means as one. */
const NOT_A_LIST = /\.(?:md|png|pdf|xlsx?|docx?)$/i

export const external = defineSystem({
  id: 'external',
  title: 'Networks outside the cluster',
  kinds: ['/ConfigMap'],
  files: true,
  parser() {
    const outside: OutsideNetwork[] = []
    const clusters: ClusterIdentity[] = []
    const problems: Problem[] = []
    const coverage: Coverage[] = []

    function read({ path, text, origin }: FileDocument): void {
      const reading = readExternal(text, origin)
      outside.push(...reading.networks)
      clusters.push(...reading.clusters)
      for (const { line, message } of reading.problems) {
        const at = line === undefined ? origin : `${origin}:${line}`
        problems.push({ kind: 'unreadable', source: origin, subject: path, message: `${at}: ${message}`, origin: at })
      }
      const [first] = reading.problems
      const error = first === undefined ? null : `${first.line === undefined ? '' : `line ${first.line}: `}${first.message}`
      coverage.push({ source: origin, status: error === null ? 'complete' : 'partial', read: reading.networks.length, error })
    }

    return {
      file(document) {
        if (document.area === 'external' && !NOT_A_LIST.test(document.path)) read(document)
      },
      object({ object, origin }) {
        if (textAt(object, 'metadata', 'name') !== 'cilium-config') return
        const [name, id] = [textAt(object, 'data', 'cluster-name'), textAt(object, 'data', 'cluster-id')]
        // Cilium's defaults, "default" and 0, stand for a cluster that nobody named.
        const named = name !== undefined && name !== 'default' ? { name } : {}
        clusters.push({ ...named, ...(id !== undefined && id !== '0' ? { id } : {}), origin })
      },
      finish: () => ({ outside, clusters, problems, coverage }),
    }
  },
})
