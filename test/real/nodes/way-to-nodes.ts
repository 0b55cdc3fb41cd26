// How the API server reaches kubelets, whose addresses exist inside their nodes only: it asks a proxy here, which knows a socket for each node.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface WayToNodes {
  /** For `ClusterOptions.wayToNodes`. */
  readonly socket: string
  /** From now on kubelet of this node is behind this socket. */
  lead(node: string, socket: string): void
  stop(): Promise<void>
}

/** Speaks HTTP CONNECT: https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/1281-network-proxy */
export async function openWayToNodes(): Promise<WayToNodes> {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-way-'))
  const socket = join(folder, 'proxy.sock')
  const known = new Map<string, string>()
  const open = new Set<Socket>()
  const keep = (one: Socket) => {
    open.add(one)
    one.on('error', () => one.destroy()).on('close', () => open.delete(one))
  }
  const proxy = createServer()
  proxy.on('connect', (asked, near: Socket, head) => {
    keep(near)
    const target = known.get(/^(.*):10250$/.exec(asked.url ?? '')?.[1] ?? '')
    if (target === undefined) {
      near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const far = connect(target, () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n')
      far.write(head)
      far.pipe(near).pipe(far)
    })
    keep(far)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(socket, resolve))
  return {
    socket,
    lead: (node, to) => known.set(node, to),
    async stop() {
      for (const one of open) one.destroy()
      await new Promise((resolve) => proxy.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
