// The second look at suspects of a live cluster: what is gone was churn, what still holds is reported.
import { expect, test } from 'vitest'
import { confirmFindings } from '../../src/cli/confirm-findings.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { PodNow } from '../../src/sources/source.ts'
import { inventory, pod } from '../inventory.ts'

const finding = (rule: string, cause: string, owners: readonly string[]): Finding => ({
  rule,
  cause,
  owners,
  name: rule,
  severity: 'medium',
  confidence: 'likely',
  message: '',
  domain: 'whereabouts',
  addresses: ['10.20.0.5'],
  nodes: [],
  evidence: [],
  fix: { playbook: null, steps: [] },
  fingerprint: `${rule}-${cause}`,
  waived: null,
})

const status = (ip: string) => JSON.stringify([{ name: 'shop/lan', interface: 'net1', ips: [ip] }])

const now = (name: string, ip: string, uid = `uid-shop/${name}`): PodNow => ({
  uid,
  object: {
    metadata: { name, namespace: 'shop', uid, annotations: { 'k8s.v1.cni.cncf.io/network-status': status(ip) } },
    spec: { nodeName: 'n1' },
    status: { phase: 'Running', podIP: '10.9.0.1', podIPs: [{ ip: '10.9.0.1' }] },
  },
})

const seen = inventory({ pods: ['x', 'y'].map((name) => pod(`shop/${name}`, 'n1', ['10.9.0.1'])) })

const twice = finding('DUP-101', 'duplicate', ['shop/x', 'shop/y'])
const absent = finding('LEAK-204', 'pod-absent', ['shop/x'])
const half = finding('LEAK-204', 'half-recorded', ['shop/x'])

test.each<[string, Finding, Record<string, PodNow | undefined>, boolean]>([
  ['two holders', twice, { 'shop/x': now('x', '10.20.0.5'), 'shop/y': now('y', '10.20.0.5') }, true],
  ['one of two is gone', twice, { 'shop/x': now('x', '10.20.0.5'), 'shop/y': undefined }, false],
  ['one of two could not be asked', twice, { 'shop/x': now('x', '10.20.0.5') }, true],
  ['the owner is still gone', absent, { 'shop/x': undefined }, true],
  ['the owner came', absent, { 'shop/x': now('x', '10.20.0.5') }, false],
  ['half a record of a pod that is there', half, { 'shop/x': now('x', '10.20.0.5') }, true],
  ['half a record of a pod that went', half, { 'shop/x': undefined }, false],
  ['half a record of a pod that came again', half, { 'shop/x': now('x', '10.20.0.5', 'another') }, false],
  ['half a record of a pod with another address by now', half, { 'shop/x': now('x', '10.20.0.6') }, false],
])('%s', async (_, suspect, pods, kept) => {
  const recheck = () => Promise.resolve(new Map(Object.entries(pods)))
  const { findings, dropped } = await confirmFindings([suspect], seen, { read: () => Promise.reject(new Error('read once only')), recheck })
  expect([findings, dropped]).toEqual(kept ? [[suspect], 0] : [[], 1])
})

test('row 51: an address outside the node range goes with the pod that showed it', async () => {
  const outside = finding('DRF-504', 'outside-range', ['shop/x'])
  const source = (found: PodNow | undefined) => ({
    read: () => Promise.reject(new Error('not read again')),
    recheck: async () => new Map([['shop/x', found]]),
  })
  expect((await confirmFindings([outside], seen, source(undefined))).dropped).toBe(1)
  expect((await confirmFindings([outside], seen, source(now('x', '10.20.0.5')))).findings).toEqual([outside])
})
