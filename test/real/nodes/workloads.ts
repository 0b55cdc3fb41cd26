// What makes pods come and go: the scheduler, the controllers of DaemonSets, Deployments and Jobs, and pods as tests create them.
import { join } from 'node:path'
import { collectionOf, type KubeObject } from '../api.ts'
import type { Cluster } from '../cluster.ts'
import { type Server, startServer } from '../processes.ts'
import { controlPlaneTools } from '../tools.ts'
import { pauseImage } from './node-folder.ts'
import { nodeTools } from './node-tools.ts'

const controllers = [
  'daemonset-controller',
  'deployment-controller',
  'replicaset-controller',
  'job-controller',
  'garbage-collector-controller',
  // Takes away the taint that a new node has until it is Ready.
  'node-lifecycle-controller',
]

/** The scheduler, and controllers beside the one for node ranges that the cluster already has. Ended with `stop` of each. */
export async function startWorkloads(cluster: Cluster, folder: string): Promise<Server[]> {
  const tools = await controlPlaneTools()
  if ('reason' in tools) throw new Error(tools.reason)
  const flags = [`--kubeconfig=${cluster.kubeconfig}`, '--leader-elect=false', '--secure-port=0']
  const manager = [...flags, `--controllers=${controllers.join(',')}`]
  return [
    startServer('kube-scheduler', join(nodeTools().kubelet, 'kube-scheduler'), flags, join(folder, 'scheduler.log')),
    startServer('controllers', join(tools.kubernetes, 'kube-controller-manager'), manager, join(folder, 'controllers.log')),
  ]
}

/** Of containers that pull nothing and end quickly. `seconds`: ends well by itself after that time. */
const podSpec = (seconds?: number) => ({
  terminationGracePeriodSeconds: 1,
  dnsPolicy: 'Default',
  containers: [{ name: 'main', image: pauseImage, imagePullPolicy: 'Never', ...(seconds === undefined ? {} : { args: [String(seconds)] }) }],
})

/** A pod bound to its node, no scheduler needed. */
export const podOn = (nodeName: string, name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { ...podSpec(), nodeName },
})

export const deployment = (name: string, replicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec() },
  },
})

export const job = (name: string, seconds: number): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: { template: { spec: { ...podSpec(seconds), restartPolicy: 'Never' } } },
})

export interface PodSeen {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: { readonly phase: string; readonly podIP?: string }
}

export const podsOf = (cluster: Cluster) => cluster.api.list<PodSeen>('/api/v1/pods')

/** The running pods with addresses, none of them on its way out, once there are exactly `count`. */
export const runningPods = (cluster: Cluster, count: number) =>
  cluster.until(`${count} pods were running`, async () => {
    const pods = (await podsOf(cluster)).filter((pod) => pod.status.phase === 'Running' && pod.status.podIP !== undefined)
    return pods.length === count && pods.every((pod) => pod.metadata.deletionTimestamp === undefined) ? pods : undefined
  })

/** Asks for the end of a pod and lets kubelet do it in order, as `kubectl delete` does. */
export const removeGently = (cluster: Cluster, object: KubeObject) => cluster.api.send('DELETE', `${collectionOf(object)}/${object.metadata.name}`)
