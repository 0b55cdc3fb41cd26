// Who an attribute of a block names: a pod, a node's tunnel, a Service, a virtual machine, or nobody that can be known.
import type { Owner, Time } from '../../model/inventory.ts'
import { textAt } from '../kubernetes/fields.ts'
import type { Attribute, BlockRecord } from './read-block.ts'

/** Values of `type` (libcalico-go model IPAMBlockAttributeType*). */
const TUNNELS: Readonly<Record<string, string>> = {
  ipipTunnelAddress: 'IPIP tunnel',
  vxlanTunnelAddress: 'VXLAN tunnel',
  vxlanV6TunnelAddress: 'VXLAN tunnel',
  wireguardTunnelAddress: 'WireGuard tunnel',
  wireguardV6TunnelAddress: 'WireGuard tunnel',
}

/** Calico marks the first three and the last address of each block of a Windows node; it compares this handle without regard to case. */
export const isWindowsReserved = (handle: string | undefined): boolean => handle?.toLowerCase() === 'windows-reserved-ipam-handle'

export interface Named {
  readonly owner: Owner
  readonly purpose?: string
  readonly node: string | undefined
  readonly recordedAt: Time | undefined
  /** Container id of a pod's sandbox, from the handle `<network>.<id>`. */
  readonly sandbox: string | undefined
}

/** Go's default text of a time: `2026-11-20 09:14:02.1 +0000 UTC`. */
function goTime(text: string | undefined): Time | undefined {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d\d)(\d\d)/.exec(text ?? '')
  const time = parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2]}${parts[3]}:${parts[4]}`)
  return Number.isNaN(time) ? undefined : time
}

export function ownerOf(attribute: Attribute, block: BlockRecord): Named {
  const { handle, secondary } = attribute
  const text = (key: string) => textAt(secondary, key) || undefined
  const node = text('node')
  const recordedAt = goTime(text('timestamp'))
  const facts = { node, recordedAt, sandbox: undefined }
  const namespace = text('namespace')
  const type = text('type')
  if (type !== undefined && Object.hasOwn(TUNNELS, type)) {
    const name = node ?? block.host
    return { ...facts, node: name, owner: { kind: 'node', id: name ?? '?' }, purpose: TUNNELS[type] as string }
  }
  if (isWindowsReserved(handle))
    return { ...facts, node: node ?? block.host, owner: { kind: 'node', id: node ?? block.host ?? '?' }, purpose: 'reserved on Windows' }
  const machine = text('vmi-name')
  if (machine !== undefined || /\.vmi\./.test(handle ?? ''))
    return { ...facts, owner: { kind: 'machine', id: machine === undefined ? (handle ?? '?') : `${namespace ?? '?'}/${machine}` } }
  const service = text('service')
  if (service !== undefined || handle?.startsWith('lb-') === true) {
    const id = service === undefined ? (handle ?? '?') : service.includes('/') || namespace === undefined ? service : `${namespace}/${service}`
    return { ...facts, owner: { kind: 'service', id }, purpose: 'load balancer' }
  }
  const pod = text('pod')
  if (pod === undefined || namespace === undefined) return { ...facts, owner: { kind: 'unknown', id: handle ?? '?' } }
  return { ...facts, owner: { kind: 'pod', id: `${namespace}/${pod}` }, sandbox: /\.([0-9a-f]{64})$/.exec(handle ?? '')?.[1] }
}
