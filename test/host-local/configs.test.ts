// The table of configurations against the real plugin: accepted or refused, the message, the first address, the number of usable addresses.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeReal } from '../needs.ts'
import { cniExec, pluginsMissing } from '../plugins.ts'
import type { ConfigCase } from './config-case.ts'
import { configCases } from './configs.ts'

/** Above this nobody counts to the end. */
const manyAddresses = 14

describeReal('host-local and configurations', pluginsMissing(), () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'ipam-configs-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true }))

  const add = (config: ConfigCase['config'], containerId: string) =>
    cniExec({
      command: 'ADD',
      plugin: 'host-local',
      containerId,
      ...(typeof config === 'string' ? { config: withDataDir(config) } : { config, dataDir }),
    })
  const withDataDir = (text: string) => text.replace('"type":"host-local"', `"type":"host-local","dataDir":${JSON.stringify(dataDir)}`)

  test.each(configCases.filter((one) => one.refused !== undefined))('refused: $name', ({ config, refused }) => {
    expect(add(config, 'c1').error).toMatchObject(refused as object)
  })

  test.each(configCases.filter((one) => one.first !== undefined))('first address: $name', ({ config, first }) => {
    const { error, result } = add(config, 'c1')
    expect(error).toBeUndefined()
    expect(result?.ips?.map((ip) => ip.address)).toEqual(first)
  })

  test.each(configCases.filter((one) => one.refused === undefined))('usable addresses: $name', ({ config, capacity }) => {
    let given = 0
    while (given <= manyAddresses && add(config, `c${given}`).code === 0) given++
    expect(given > manyAddresses ? undefined : given).toBe(capacity)
  })
})
