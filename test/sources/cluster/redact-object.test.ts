import { expect, test } from 'vitest'
import { nameHider } from '../../../src/sources/cluster/redact-object.ts'

const hider = nameHider(Buffer.from('key'))
const hidden = (kind: string, body: object) => JSON.stringify(hider.object(kind, { apiVersion: 'x/v1', kind, ...body }))

test.each<[string, string, object]>([
  ['Kube-OVN', 'IP', { metadata: { name: 'web.shop' }, spec: { podName: 'web', namespace: 'shop', ipAddress: '10.16.0.5' } }],
  ['Spiderpool', 'SpiderIPPool', { metadata: { name: 'p' }, status: { allocatedIPs: '{"10.16.0.5":{"pod":"shop/web","podUid":"u"}}' } }],
  [
    'Antrea',
    'IPPool',
    { metadata: { name: 'p' }, status: { ipAddresses: [{ ipAddress: '10.16.0.5', owner: { pod: { name: 'web', namespace: 'shop' } } }] } },
  ],
])('a record of %s hides its pod under the hash of the pod’s own name, and keeps the address', (_, kind, body) => {
  const text = hidden(kind, body)
  expect(text).not.toMatch(/web|shop/)
  for (const part of ['10.16.0.5', hider.name('web'), hider.name('shop')]) expect(text).toContain(part)
})
