// Kubernetes objects as tests create them, with no more in them than the API server asks for.
import type { KubeObject } from './api.ts'

export const node = (name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec,
})

export const service = (name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec },
})

/** A pod that a scheduler has placed; its address is set with `Api.patchStatus`. */
export const pod = (name: string, nodeName: string, namespace = 'default'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { nodeName, containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10' }] },
})

/** What kubelet reports once the sandbox has its addresses. */
export const running = (object: KubeObject, ...addresses: string[]): KubeObject => ({
  ...object,
  status: { phase: 'Running', podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) },
})
