// A pod as large as the API server shows it, about 7 KB, three of them managedFields: made by a ReplicaSet, written to by the controller and by kubelet.

const TIME = '2026-01-01T00:00:00Z'
const REPLICA_SET = { name: 'web-7d9f8c6b5', uid: '5f0b2d0c-5d6f-4a6c-9a0e-3f0f3a1c7e11' }
const CONDITIONS = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
const SETTINGS = Array.from({ length: 12 }, (_, n) => `SETTING_NUMBER_${n}`)
const MOUNT = 'kube-api-access-x2x7k'
const PROBE = {
  httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
}
const RESOURCES = { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } }

/** Names as fieldsV1 writes them (sigs.k8s.io/structured-merge-diff). */
function managed(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, below]) => {
      const list: readonly unknown[] = Array.isArray(below) ? below : []
      const keyed = list.map((entry) => [`k:${JSON.stringify(keyOf(entry))}`, { '.': {}, ...managed(entry as object) }])
      return [`f:${name}`, keyed.length > 0 ? Object.fromEntries(keyed) : typeof below === 'object' && below !== null ? managed(below) : {}]
    }),
  )
}

function keyOf(entry: unknown): object {
  const [name, value] = Object.entries(entry as object).find(([key]) => ['name', 'type', 'ip', 'containerPort'].includes(key)) ?? ['uid', '']
  return { [name]: value }
}

/** The same number gives the same pod; every one has an address of its own. */
export function largePod(i: number): object {
  const ip = `10.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`
  const labels = { 'app.kubernetes.io/instance': `team-${i % 50}`, 'app.kubernetes.io/name': 'web', 'pod-template-hash': '7d9f8c6b5' }
  const container = {
    name: 'main',
    image: 'registry.example.com/team/web:1.2.3',
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: SETTINGS.map((name, n) => ({ name, value: `the value of setting ${n} of this pod, "quoted"` })),
    resources: RESOURCES,
    volumeMounts: [{ name: MOUNT, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    livenessProbe: PROBE,
    readinessProbe: PROBE,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  }
  const spec = {
    volumes: [
      {
        name: MOUNT,
        projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }, { configMap: { name: 'kube-root-ca.crt' } }] },
      },
    ],
    containers: [container],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    nodeName: `node-${i % 5000}`,
    schedulerName: 'default-scheduler',
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
    enableServiceLinks: true,
  }
  const status = {
    phase: 'Running',
    conditions: CONDITIONS.map((type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: TIME })),
    hostIP: '192.168.1.1',
    podIP: ip,
    podIPs: [{ ip }],
    startTime: TIME,
    containerStatuses: [
      {
        name: 'main',
        state: { running: { startedAt: TIME } },
        ready: true,
        restartCount: 0,
        image: 'registry.example.com/team/web:1.2.3',
        imageID: `registry.example.com/team/web@sha256:${'a'.repeat(64)}`,
        containerID: `containerd://${i.toString(16).padStart(64, 'c')}`,
      },
    ],
    qosClass: 'Burstable',
  }
  return {
    metadata: {
      name: `${REPLICA_SET.name}-${i}`,
      generateName: `${REPLICA_SET.name}-`,
      namespace: `team-${i % 50}`,
      uid: `5f0b2d0c-5d6f-4a6c-9a0e-${i.toString(16).padStart(12, '0')}`,
      resourceVersion: `${1000 + i}`,
      creationTimestamp: TIME,
      labels,
      annotations: { 'checksum/config': 'd'.repeat(64), 'prometheus.io/scrape': 'true' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', ...REPLICA_SET, controller: true, blockOwnerDeletion: true }],
      managedFields: [
        managedBy('kube-controller-manager', { metadata: { generateName: '', labels }, spec: { ...spec, volumes: undefined } }),
        managedBy('kubelet', { status: { ...status, containerStatuses: undefined } }),
      ],
    },
    spec,
    status,
  }
}

const managedBy = (manager: string, value: object): object => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  time: TIME,
  fieldsType: 'FieldsV1',
  fieldsV1: managed(value),
})
