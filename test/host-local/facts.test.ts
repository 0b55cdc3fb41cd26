// What our reader and rules take for granted about host-local, asserted against the executable: files, order of allocation, what a DEL frees and what it does not.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeReal } from '../needs.ts'
import { type CniCall, cniExec, pluginsMissing, supportedVersions } from '../plugins.ts'
import { bridgeConfig } from './config-case.ts'
import { networkNames } from './configs.ts'

const small = bridgeConfig({ ranges: [[{ subnet: '10.22.6.0/29' }]] })
const sandbox = '9f'.repeat(32)

describeReal('host-local', pluginsMissing(), () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'ipam-facts-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true }))

  const call = (command: CniCall['command'], containerId: string, config: CniCall['config'] = small, more: Partial<CniCall> = {}) =>
    cniExec({ command, plugin: 'host-local', containerId, config, dataDir, ...more })
  const add = (containerId: string, config = small) => {
    const answer = call('ADD', containerId, config)
    if (answer.error !== undefined) throw new Error(answer.error.msg)
    return answer.result?.ips?.map((ip) => ip.address.split('/')[0])
  }
  const path = (name: string) => join(dataDir, 'pods', name)
  const files = () => readdirSync(join(dataDir, 'pods')).sort()

  test('writes the sandbox, CR LF and the interface, without a newline at the end', () => {
    add(sandbox)
    expect(readFileSync(path('10.22.6.2'), 'latin1')).toBe(`${sandbox}\r\neth0`)
    expect(statSync(path('10.22.6.2')).size).toBe(70)
    expect(readFileSync(path('last_reserved_ip.0'), 'latin1')).toBe('10.22.6.2')
    expect(files()).toEqual(['10.22.6.2', 'last_reserved_ip.0', 'lock'])
    expect(readFileSync(path('lock'), 'latin1')).toBe('')
  })

  test('lets only root read the owner since 1.4.0, everybody before', () => {
    add('c1')
    const recent = supportedVersions('host-local').includes('1.1.0') // 1.6.0 and newer; Debian has 1.1.1
    expect((statSync(path('10.22.6.2')).mode & 0o777).toString(8)).toBe(recent ? '600' : '644')
  })

  test('names IPv6 files in canonical text and keeps one cursor per range set', () => {
    add('c1', bridgeConfig({ ranges: [[{ subnet: '10.22.6.0/29' }], [{ subnet: 'FD00:0:0:0:0:0:0:0/120', rangeStart: 'fd00::00A0' }]] }))
    expect(files()).toEqual(['10.22.6.2', 'fd00::a0', 'last_reserved_ip.0', 'last_reserved_ip.1', 'lock'])
    expect(readFileSync(path('fd00::a0'), 'latin1')).toBe('c1\r\neth0')
  })

  test('says that a range is full with code 999 and the bounds, gateway included', () => {
    for (let i = 0; i < 5; i++) add(`c${i}`)
    expect(call('ADD', 'c5').error).toEqual({
      code: 999,
      msg: 'failed to allocate for range 0: no IP addresses available in range set: 10.22.6.1-10.22.6.6',
    })
    const two = bridgeConfig({ ranges: [[{ subnet: '10.22.3.0/30' }, { subnet: '10.22.4.0/30' }]] }, { name: 'two' })
    call('ADD', 'd0', two)
    call('ADD', 'd1', two)
    expect(call('ADD', 'd2', two).error?.msg).toBe(
      'failed to allocate for range 0: no IP addresses available in range set: 10.22.3.1-10.22.3.2,10.22.4.1-10.22.4.2',
    )
  })

  test('hands a freed address out again only after a full turn', () => {
    expect(add('c1')).toEqual(['10.22.6.2'])
    call('DEL', 'c1')
    expect(['c2', 'c3', 'c4', 'c5', 'c6'].flatMap((id) => add(id))).toEqual(['10.22.6.3', '10.22.6.4', '10.22.6.5', '10.22.6.6', '10.22.6.2'])
  })

  test('starts over when the cursor is not an address', () => {
    add('c1')
    writeFileSync(path('last_reserved_ip.0'), '10.22.6.4\n')
    call('DEL', 'c1')
    expect(add('c2')).toEqual(['10.22.6.2'])
  })

  test('refuses a second address to one sandbox and interface, but not when it is asked for', () => {
    add('c1')
    expect(call('ADD', 'c1').error?.msg).toBe(
      'failed to allocate for range 0: 10.22.6.2 has been allocated to c1, duplicate allocation is not allowed',
    )
    expect(call('ADD', 'c1', small, { env: { CNI_ARGS: 'IgnoreUnknown=1;IP=10.22.6.5' } }).code).toBe(0)
    call('DEL', 'c1')
    expect(files()).toEqual(['last_reserved_ip.0', 'lock'])
  })

  test('lets an empty file block its address for ever', () => {
    add('c1')
    writeFileSync(path('10.22.6.2'), '')
    expect(call('DEL', 'c1').code).toBe(0)
    expect(readFileSync(path('10.22.6.2'), 'latin1')).toBe('')
    expect(['c2', 'c3', 'c4', 'c5'].flatMap((id) => add(id))).not.toContain('10.22.6.2')
    expect(call('ADD', 'c6').error?.code).toBe(999)
  })

  test.each([
    ['c1', true],
    ['c1\r\neth0\n', true],
    [' c1 ', true],
    ['c1\neth0', false],
    ['c1\neth0\r\n', false],
    ['\0'.repeat(8), false],
  ])('DEL finds the owner in %j: %s', (text, freed) => {
    add('c1')
    writeFileSync(path('10.22.6.2'), text)
    call('DEL', 'c1')
    expect(existsSync(path('10.22.6.2'))).toBe(!freed)
  })

  test('DEL frees by sandbox in the network folder, whatever the ranges say, but not under another name or a configuration that it refuses', () => {
    add('c1')
    const moved = { ranges: [[{ subnet: '10.99.0.0/24' }]] }
    expect(call('DEL', 'c1', bridgeConfig(moved, { name: 'renamed' })).code).toBe(0)
    expect(existsSync(path('10.22.6.2'))).toBe(true)
    expect(call('DEL', 'c1', bridgeConfig({ ranges: [[{ subnet: '10.99.0.1/24' }]] })).error?.code).toBe(999)
    expect(existsSync(path('10.22.6.2'))).toBe(true)
    expect(call('DEL', 'c1', bridgeConfig(moved)).code).toBe(0)
    expect(existsSync(path('10.22.6.2'))).toBe(false)
  })

  test('DEL of an unknown sandbox succeeds and leaves an empty folder behind', () => {
    expect(call('DEL', 'c1').code).toBe(0)
    expect(files()).toEqual(['lock'])
  })

  test('CHECK looks for a file of the owner and not at addresses', () => {
    add('c1')
    expect(call('CHECK', 'c1', bridgeConfig({ ranges: [[{ subnet: '10.99.0.0/24' }]] })).code).toBe(0)
    rmSync(path('10.22.6.2'))
    expect(call('CHECK', 'c1').error).toEqual({ code: 999, msg: 'host-local: Failed to find address added by container c1' })
  })

  test('a set that fails frees what the sandbox already had in the others', () => {
    add('c1')
    const second = bridgeConfig({
      ranges: [[{ subnet: '10.22.6.0/29' }], [{ subnet: '10.22.7.0/30', rangeStart: '10.22.7.1', rangeEnd: '10.22.7.1' }]],
    })
    const asked = { env: { CNI_ARGS: 'IP=10.22.6.6' } }
    expect(call('ADD', 'c1', second, asked).error?.msg).toContain('failed to allocate for range 1')
    expect(files()).not.toContain('10.22.6.2')
  })

  test.each(networkNames)('network and sandbox name %j: accepted is %s', (name, accepted) => {
    expect(call('ADD', 'c1', bridgeConfig({ subnet: '10.22.6.0/29' }, { name })).code).toBe(accepted ? 0 : 1)
    expect(call('ADD', name, small).code).toBe(accepted ? 0 : 1)
  })
})
