// The namespace harness itself: the real bridge plugin and libcni give a pod an address of the conflist's range, and the host sees nothing of it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeReal } from './needs.ts'
import { type NodeNamespace, namespacesMissing, openNode } from './node-namespace.ts'

const conflist = {
  cniVersion: '0.3.1',
  name: 'mynet',
  plugins: [
    {
      type: 'bridge',
      bridge: 'ipamtest0',
      isGateway: true,
      ipam: { type: 'host-local', subnet: '192.168.1.0/29', routes: [{ dst: '0.0.0.0/0' }] },
    },
  ],
}

describeReal('a node in network namespaces', namespacesMissing(), () => {
  let node: NodeNamespace
  beforeEach(() => {
    node = openNode()
  })
  afterEach(() => node.close())

  test('a pod gets an address, a route and a gateway; DEL takes all back', () => {
    const pod = node.pod()
    const { code, result, error } = node.run('add', conflist, pod)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(result?.ips).toMatchObject([{ address: '192.168.1.2/29', gateway: '192.168.1.1' }])
    expect(node.sh('ip -4 -o addr show eth0', pod)).toContain('192.168.1.2/29')
    expect(node.sh('ip route', pod)).toContain('default via 192.168.1.1')
    expect(node.sh('ip -4 -o addr show ipamtest0')).toContain('192.168.1.1/29')
    expect(existsSync('/sys/class/net/ipamtest0')).toBe(false)
    expect(readdirSync(join(node.state, 'cni/networks/mynet'))).toContain('192.168.1.2')
    const [cached] = readdirSync(join(node.state, 'cni/results'))
    expect(JSON.parse(readFileSync(join(node.state, 'cni/results', cached ?? ''), 'utf8'))).toMatchObject({
      kind: 'cniCacheV1',
      networkName: 'mynet',
    })
    expect(node.run('del', conflist, pod).error).toBe('')
    expect(readdirSync(join(node.state, 'cni/networks/mynet'))).not.toContain('192.168.1.2')
  })

  test('the sixth pod of a /29 gets what the plugin says', () => {
    for (let i = 0; i < 5; i++) expect(node.run('add', conflist, node.pod()).error).toBe('')
    const last = node.run('add', conflist, node.pod())
    expect(last.code).toBe(1)
    expect(last.error).toContain('no IP addresses available in range set: 192.168.1.1-192.168.1.6')
  })
})
