// Pods, nodes and events: who really uses addresses. This system allocates nothing; it is the evidence that the others are held against.
import type { ClusterEvent, Mode, ModeSignal, Node, Pod } from '../model/inventory.ts'
import { defineSystem } from './define-system.ts'
import { parseEvent } from './kubernetes/event.ts'
import { parseNode } from './kubernetes/node.ts'
import { parsePod } from './kubernetes/pod.ts'
import { POD_FIELDS } from './kubernetes/pod-fields.ts'
import { recordReader } from './kubernetes/record-reader.ts'

/** Label values of the daemons that each system runs. A daemon says that the system is there, not that it hands out the default network's addresses. */
const DAEMONS: Readonly<Record<string, Mode>> = {
  'calico-node': 'calico',
  cilium: 'cilium-cluster-pool',
  'aws-node': 'aws-vpc',
  'azure-cns': 'azure-overlay',
  'ovnkube-node': 'ovn-k',
  'kube-ovn-cni': 'kube-ovn',
  'ovn-central': 'kube-ovn',
  'weave-net': 'weave',
  flannel: 'nodeipam+host-local',
  'kube-flannel': 'nodeipam+host-local',
  canal: 'nodeipam+host-local',
  antrea: 'nodeipam+host-local',
  kindnet: 'nodeipam+host-local',
  'kube-router': 'nodeipam+host-local',
}

function daemonSignals(pods: readonly Pod[]): ModeSignal[] {
  const seen = new Map<string, Pod>()
  for (const pod of pods) if (pod.app !== undefined && Object.hasOwn(DAEMONS, pod.app) && !seen.has(pod.app)) seen.set(pod.app, pod)
  return [...seen].map(([app, pod]) => ({
    mode: DAEMONS[app] as Mode,
    weight: 2,
    fact: `a pod of ${app} runs (${pod.namespace}/${pod.name})`,
    origin: pod.origin,
  }))
}

export const workloads = defineSystem({
  id: 'workloads',
  title: 'Pods, nodes and events',
  kinds: ['/Pod', '/Node', '/Event', 'events.k8s.io/Event'],
  fields: { '/Pod': { fields: POD_FIELDS } },
  files: false,
  parser() {
    const pods = recordReader<Pod>('pods')
    const nodes = recordReader<Node>('nodes')
    const events = recordReader<ClusterEvent | null>('events')
    return {
      object(document) {
        if (document.kind === 'Pod') pods.take(document, (d) => parsePod(d, pods))
        else if (document.kind === 'Node') nodes.take(document, (d) => parseNode(d, nodes))
        else events.take(document, (d) => parseEvent(d) ?? null)
      },
      finish: () => {
        const read = pods.records()
        return {
          pods: read,
          nodes: nodes.records(),
          events: events.records().filter((event) => event !== null),
          signals: daemonSignals(read),
          problems: [...pods.problems, ...nodes.problems],
          coverage: [...pods.coverage(true), ...nodes.coverage(true), ...events.coverage(false)],
        }
      },
    }
  },
})
