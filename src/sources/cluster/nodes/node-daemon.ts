// The DaemonSet whose pods read the nodes: it may look at everything and change nothing, and it takes no address of the pod network.
import { nodeScript } from './node-script.ts'

export interface NodeDaemon {
  readonly name: string
  readonly namespace: string
  /** With the commands of node-script.ts: busybox. */
  readonly image: string
}

/** Says whose pods these are; the name of the DaemonSet is its value. */
export const DAEMON_LABEL = 'ipam-collect'
export const CONTAINER = 'collect'
/** Nodes without kubelets of their own, where no such pod can run. */
export const WITHOUT_KUBELET = { 'eks.amazonaws.com/compute-type': 'fargate', type: 'virtual-kubelet' } as const

/** Megabytes of memory for what is packed on a node. */
const WORK_SPACE = 96

/**
 * - The network of the node: a node whose addresses are used up, or whose CNI is broken, is the one that has to be read.
 * - The node's root, read-only, as user 0 without capabilities: host-local's files and libcni's cache are root's alone (0600 since v1.4.0). Single
 *   folders would be made by the runtime where a node does not have them.
 * - Ends without a wait, and its pods are gone from the API at once, also those of a node that is down.
 */
export function daemonManifest({ name, namespace, image }: NodeDaemon) {
  const labels = { 'app.kubernetes.io/name': DAEMON_LABEL, [DAEMON_LABEL]: name }
  const container = {
    name: CONTAINER,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', nodeScript, 'ipam'],
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: `${WORK_SPACE + 160}Mi` } },
    securityContext: {
      runAsUser: 0,
      runAsGroup: 0,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [
      { name: 'host', mountPath: '/host', readOnly: true },
      { name: 'work', mountPath: '/work' },
    ],
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: { [DAEMON_LABEL]: name } },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 0,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: Object.entries(WITHOUT_KUBELET).map(([key, value]) => ({ key, operator: 'NotIn', values: [value] })) },
                ],
              },
            },
          },
          tolerations: [{ operator: 'Exists' }],
          containers: [container],
          volumes: [
            { name: 'host', hostPath: { path: '/', type: 'Directory' } },
            { name: 'work', emptyDir: { medium: 'Memory', sizeLimit: `${WORK_SPACE}Mi` } },
          ],
        },
      },
    },
  }
}
