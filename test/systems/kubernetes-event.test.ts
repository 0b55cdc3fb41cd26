// Events that explain why a pod has no address, by the words of those who write them.
import { describe, expect, test } from 'vitest'
import { parseEvent } from '../../src/systems/kubernetes/event.ts'
import { sandboxFault } from '../../src/systems/kubernetes/sandbox-fault.ts'

const parsed = (object: object) =>
  parseEvent({ type: 'object', apiVersion: 'v1', kind: 'Event', object: object as Readonly<Record<string, unknown>>, origin: 'events' })
const pod = { kind: 'Pod', namespace: 'shop', name: 'web-0' }

describe('the words of a failed sandbox', () => {
  const setUp = (words: string) => `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "x": ${words}`
  test.each([
    [
      'plugin type="flannel" failed (add): failed to delegate add: failed to allocate for range 0: no IP addresses available in range set: 10.42.0.1-10.42.0.254 ',
      'no-address-left',
      '10.42.0.1-10.42.0.254',
    ],
    ['no IP addresses available in range set: 10.22.3.2-10.22.3.3,10.22.4.1-10.22.4.2', 'no-address-left', '10.22.3.2-10.22.3.3,10.22.4.1-10.22.4.2'],
    [
      'plugin type="calico" failed (add): failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [10.99.9.0/29]',
      'no-address-left',
      '[10.99.9.0/29]',
    ],
    ['Assigned 0 out of 1 requested IPv4 addresses; No more free affine blocks and strict affinity enabled', 'no-address-left', undefined],
    [
      'error at storage engine: Could not allocate IP in range: ip: 172.16.0.1 / - 172.16.0.6 / range: net.IPNet{',
      'no-address-left',
      '172.16.0.1 / - 172.16.0.6',
    ],
    ['unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure  range is full', 'no-address-left', undefined],
    ['[POST /ipam][502] postIpamFailure "all CIDR ranges are exhausted"', 'no-address-left', undefined],
    ['plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container', 'no-address-left', undefined],
    ['Failed to allocate pool: Failed to delegate: Failed to allocate address: No available addresses', 'no-address-left', undefined],
    ['plugin type="portmap" failed (add): failed to find plugin "portmap" in path [/opt/cni/bin]', 'plugin-missing', 'portmap'],
    [
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
      'not-configured',
      undefined,
    ],
    ['plugin type="flannel" failed (add): open /run/flannel/subnet.env: no such file or directory', 'daemon-not-ready', '/run/flannel/subnet.env'],
    [
      'stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running',
      'daemon-not-ready',
      '/var/lib/calico/nodename',
    ],
    ['the request was cut: context deadline exceeded', 'other', undefined],
  ])('%s', (words, fault, about) => {
    expect(sandboxFault(setUp(words))).toEqual(about === undefined ? { fault } : { fault, about })
  })
})

describe('events', () => {
  test('core/v1: count and last time of its own; without a sandbox id it is kept', () => {
    expect(
      parsed({
        reason: 'FailedCreatePodSandBox',
        involvedObject: pod,
        message: 'no IP addresses available in range set: 10.0.0.1-10.0.0.6',
        count: 17,
        lastTimestamp: '2026-11-23T11:59:00Z',
      }),
    ).toEqual({
      kind: 'sandbox-failed',
      subject: 'shop/web-0',
      fault: 'no-address-left',
      about: '10.0.0.1-10.0.0.6',
      message: 'no IP addresses available in range set: 10.0.0.1-10.0.0.6',
      count: 17,
      lastAt: Date.parse('2026-11-23T11:59:00Z'),
      origin: 'events',
    })
  })

  test('events.k8s.io/v1: a series, note and regarding', () => {
    expect(
      parsed({
        reason: 'FailedScheduling',
        regarding: pod,
        note: '0/3 nodes are available: 3 Too many pods.',
        series: { count: 4, lastObservedTime: '2026-11-23T11:58:00Z' },
        eventTime: '2026-11-23T11:00:00Z',
      }),
    ).toEqual({
      kind: 'not-scheduled',
      subject: 'shop/web-0',
      message: '0/3 nodes are available: 3 Too many pods.',
      count: 4,
      lastAt: Date.parse('2026-11-23T11:58:00Z'),
      origin: 'events',
    })
  })

  test('a failed teardown says whose sandbox it was, and nothing of setting one up', () => {
    const sandbox = 'c'.repeat(64)
    expect(
      parsed({ reason: 'FailedKillPod', involvedObject: pod, message: `sandbox \\"${sandbox}\\": failed to find plugin \\"portmap\\" in path` }),
    ).toMatchObject({
      kind: 'sandbox-failed',
      sandbox,
    })
    expect(parsed({ reason: 'FailedKillPod', involvedObject: pod, message: 'failed to find plugin "portmap" in path' })).not.toHaveProperty('fault')
  })

  test('long messages are cut, junk is no count, other reasons are not kept', () => {
    const event = parsed({ reason: 'FailedCreatePodSandBox', involvedObject: pod, message: 'x'.repeat(5000), count: 'many', lastTimestamp: 7 })
    expect(event?.message).toHaveLength(500)
    expect(event).not.toHaveProperty('count')
    expect(event).not.toHaveProperty('lastAt')
    expect(parsed({ reason: 'Pulled', involvedObject: pod, message: 'fine' })).toBeUndefined()
  })
})
