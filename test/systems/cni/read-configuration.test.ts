// Whole files: their outer shape, and that no text makes the reader throw.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'
import { at, chain, FILE, problems } from './configurations.ts'

describe('files and their outer shape', () => {
  test('a name is as long as the name of a directory may be', () => {
    const named = (length: number) => readConfiguration(JSON.stringify({ name: 'a'.repeat(length), type: 'ptp' }), 'x.conf').error
    expect(named(255)).toBeUndefined()
    expect(named(256)).toMatch(/is not allowed/)
  })
  const plugin = { type: 'ptp', ipam: { type: 'host-local', subnet: '10.1.0.0/24' } }
  test.each(['x.conf', 'x.json', 'cluster/nads.yaml (shop/net1)'])('one plugin by itself in %s', (file) => {
    const reading = readConfiguration(JSON.stringify({ Name: 'pods', cniversion: '0.3.1', ...plugin }), file)
    expect(reading).toMatchObject({ name: 'pods', cniVersion: '0.3.1', type: 'ptp', plugins: ['ptp'], error: undefined })
    expect(reading.networks).toHaveLength(1)
  })
  test('a list where no file name decides', () => {
    expect(readConfiguration(chain(plugin), 'cluster/nads.yaml (shop/net1)').networks).toHaveLength(1)
  })
  test.each([
    [{ cniVersion: '0.4.0', cniVersions: ['0.3.1', '1.0.0', '1.1.0', '9.0.0'] }, '1.1.0'],
    [{ cniVersion: '1.0.0', cniVersions: ['0.4.0'] }, '1.0.0'],
    [{ cniVersions: [] }, undefined],
    [{ cniVersion: 5 }, undefined],
    [{ cniVersion: '9.0.0', cniVersions: ['8.0.0'] }, '9.0.0'],
  ])('the version of %j is %s', (versions, expected) => {
    expect(readConfiguration(JSON.stringify({ ...versions, name: 'pods', plugins: [plugin] }), FILE).cniVersion).toBe(expected)
  })
  test('a byte order mark is read over, with a note', () => {
    const reading = readConfiguration(`\uFEFF${chain(plugin)}`, FILE)
    expect(reading.networks).toHaveLength(1)
    expect(reading.problems).toEqual([
      { kind: 'note', message: `${FILE}: starts with a byte order mark; Go refuses JSON with one, so save the file without` },
    ])
  })
  test.each<[string, string, unknown, string]>([
    ['no name', FILE, { plugins: [plugin] }, 'has no network name'],
    [
      'a list key in another case, which libcni does not know',
      FILE,
      { Name: 'pods', plugins: [plugin] },
      'has no network name; write "name", not "Name"',
    ],
    ['plugins in another case', FILE, { name: 'pods', Plugins: [plugin] }, 'has no list of plugins; write "plugins", not "Plugins"'],
    ['no plugins', FILE, { name: 'pods' }, 'has no list of plugins'],
    [
      'a single plugin in a .conflist',
      FILE,
      { name: 'pods', ...plugin },
      'has no list of plugins; a single plugin by itself belongs in a .conf file',
    ],
    ['a list in a .conf', 'x.conf', { name: 'pods', plugins: [plugin] }, 'has no plugin type; a list of plugins belongs in a .conflist file'],
    ['an empty list', FILE, { name: 'pods', plugins: [] }, 'plugins is an empty list, not a list with at least one plugin'],
    ['plugins that are no list', FILE, { name: 'pods', plugins: plugin }, 'plugins is an object, not a list with at least one plugin'],
    ['a plugin without type', FILE, { name: 'pods', plugins: [plugin, { type: '' }] }, 'plugin 1 has no type'],
    ['a plugin that is no object', FILE, { name: 'pods', plugins: ['ptp'] }, 'plugin 0 has no type'],
    ['no name in a .conf', 'x.conf', plugin, 'has no network name'],
    [
      'a name that leaves the directory',
      FILE,
      { name: '../../etc', plugins: [plugin] },
      'the network name "../../etc" is not allowed: it takes letters, digits, "_", "." and "-", a letter or digit first',
    ],
    ['a list as the whole file', FILE, [plugin], 'holds a list, not a JSON object'],
    ['null', FILE, null, 'holds null, not a JSON object'],
  ])('unusable: %s', (_, file, value, error) => {
    expect(readConfiguration(JSON.stringify(value), file)).toMatchObject({ error, networks: [] })
  })
  test.each([
    ['', 'the file is empty'],
    [' \n', 'the file is empty'],
    ['{\n  "name": "pods",\n  "plugins": [,]\n}', 'not valid JSON at 3:15: expected a value or ], found ","'],
    ['{"name":"pods"', 'not valid JSON at 1:15: expected a comma or }, and the text ends'],
  ])('not JSON: %j', (text, error) => {
    expect(readConfiguration(text, FILE)).toMatchObject({ error, networks: [] })
  })
  test('keys named like object internals are data', () => {
    readConfiguration('{"__proto__":{"polluted":1},"name":"pods","plugins":[{"type":"ptp","constructor":1}]}', FILE)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('never throws', () => {
  test('on any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readConfiguration(text, FILE)))
  })
  test('on any JSON under the keys it knows', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('', '10.1.0.0/24', '10.1.0.0/33', 'fd00::/64', 'usePodCidr'), fc.jsonValue())
    const range = fc.oneof(
      fc.jsonValue(),
      fc.record({ subnet: address, rangeStart: address, rangeEnd: address, gateway: address }, { requiredKeys: [] }),
    )
    const sets = fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.jsonValue(), fc.array(range))))
    const ipam = fc.oneof(
      fc.jsonValue(),
      fc.record({ type: fc.constantFrom('host-local', 'dhcp'), ranges: sets, dataDir: fc.jsonValue(), subnet: address }, { requiredKeys: ['type'] }),
    )
    const plugin = fc.oneof(
      fc.jsonValue(),
      fc.record({ type: fc.constantFrom('bridge', 'flannel', 'multus', 'calico'), ipam, delegates: fc.jsonValue(), delegate: fc.jsonValue() }),
    )
    const config = fc.record({
      name: fc.oneof(fc.constant('pods'), fc.jsonValue()),
      cniVersion: fc.jsonValue(),
      plugins: fc.oneof(fc.jsonValue(), fc.array(plugin)),
    })
    fc.assert(
      fc.property(config, fc.constantFrom(FILE, 'a.conf', 'nad'), (value, file) => {
        const reading = readConfiguration(JSON.stringify(value), file)
        for (const { range, subnet } of reading.networks.flatMap((network) => network.ranges)) {
          expect(range.first <= range.last && range.family === subnet.family).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
  test.each(['[', '{"a":'])('on a long run of %s', (piece) => {
    expect(readConfiguration(piece.repeat(200_000), FILE).error).toMatch(/^not valid JSON at 1:/)
  })
  test('on deep but valid values under a known key', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    expect(problems(`{"name":"pods","plugins":[{"type":"ptp","ipam":{"type":"host-local","ranges":[[${deep}]]}}]}`)).toEqual([
      `wrong-range: ${at('range set 0: a list is not a range object with a subnet')}`,
    ])
  })
})
