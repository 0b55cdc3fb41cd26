import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCidr } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { readCsv } from '../../src/systems/external/csv-records.ts'
import { readExternal } from '../../src/systems/external/read-external.ts'
import { external } from '../../src/systems/external.ts'
import { AT, object, parsed } from './parse.ts'

/** `name cidr, cidr [what] !unreachable @vrf` of each entry. */
const shown = (text: string, name = 'nets.txt'): string[] => {
  const entries = new Map<string, string[]>()
  for (const { name: entry, cidr, what, reachable, vrf, origin } of readExternal(text, name).networks) {
    const key = `${origin.slice(name.length)} ${entry}${what === undefined ? '' : ` [${what}]`}${reachable ? '' : ' !'}${vrf === undefined ? '' : ` @${vrf}`}`
    entries.set(key, [...(entries.get(key) ?? []), formatCidr(cidr)])
  }
  return [...entries].map(([key, cidrs]) => `${key} ${cidrs.join(' ')}`)
}
const faults = (text: string, name = 'nets.txt'): string[] =>
  readExternal(text, name).problems.map(({ line, message }) => `${line ?? '-'}: ${message}`)

describe('plain lists', () => {
  test('addresses, networks and ranges with names and comments; a range is never widened', () =>
    expect(shown('# ours\n10.8.0.0/16 office VPN # since May\n\n10.20.0.14 - 10.20.0.17\n192.0.2.7#gateway\r\n2001:db8::/32')).toEqual([
      ':2 office VPN 10.8.0.0/16',
      ':4 10.20.0.14 - 10.20.0.17 10.20.0.14/31 10.20.0.16/31',
      ':5 gateway 192.0.2.7/32',
      ':6 2001:db8::/32 2001:db8::/32',
    ]))

  test.each<[string, string[]]>([
    ['10.8.0.1/16', ['1: "10.8.0.1/16" has host bits set for /16; write 10.8.0.0/16']],
    ['10.8.0.0/16\n10.9.0.9-10.9.0.1', ['2: "10.9.0.9-10.9.0.1" starts after it ends; write 10.9.0.1-10.9.0.9']],
    ['', ['-: it is empty']],
    ['a\0', ['-: it holds NUL characters, so it is no text in UTF-8']],
  ])('refuses %j', (text, expected) => expect(faults(text)).toEqual(expected))

  test('tells the first faults of a file that is something else', () => {
    const told = faults('word\n'.repeat(500))
    expect(told).toHaveLength(21)
    expect(told.at(-1)).toBe('-: 480 more faults like these')
  })
})

describe('CSV', () => {
  test('the project’s own columns, in any case, with quotes and line breaks in them', () =>
    expect(
      shown(
        'Name,CIDR,Kind,Unreachable,Via NAT\n"Berlin, ""old"" DC",10.1.0.0/16,on-prem,no,\n"two\nlines",10.2.0.0/16,vpn,,yes\nours,10.3.0.0/16,own,,\n',
      ),
    ).toEqual([':2 Berlin, "old" DC [on-prem] 10.1.0.0/16', ':3 two\nlines [vpn] ! 10.2.0.0/16']))

  test('semicolons and tabs, and a column reachable', () => {
    expect(shown('range;name;reachable\n10.0.0.4-10.0.0.5;a;no\n10.0.1.0/24;b;yes\n10.0.2.0/24;c;')).toEqual([
      ':2 a ! 10.0.0.4/31',
      ':3 b 10.0.1.0/24',
      ':4 c 10.0.2.0/24',
    ])
    expect(shown('name\tcidr\nx\t10.0.0.0/24')).toEqual([':2 x 10.0.0.0/24'])
  })

  test('NetBox: containers are sums, VRFs are apart, bullets show depth', () =>
    expect(
      shown(
        'ID,Prefix,Status,Children,VRF,Utilization,Tenant,Site,VLAN,Role,Description\n1,10.0.0.0/8,Container,3,Global,1.0,,,,,all\n2,"•\n 10.4.0.0/16",Active,0,Global,0.0,,,,Office,Ulm\n3,10.5.0.0/16,Reserved,0,blue,0.0,,,,,\n',
      ),
    ).toEqual([':3 Ulm [Office] 10.4.0.0/16', ':5 10.5.0.0/16 ! @blue 10.5.0.0/16']))

  test('phpIPAM: folders and master subnets are sums', () =>
    expect(
      shown(
        'Section,Subnet,Description,VLAN,VLAN Domain,VRF,Master Subnet,Requests\nCustomers,HQ (folder),HQ,NA,,,/,0\nCustomers,10.6.0.0/15,all of HQ,NA,,,HQ [folder],0\nCustomers,10.6.4.0/24,printers,NA,,,10.6.0.0/15,0\nCustomers,10.7.0.0/16,lab,NA,,red,/,0\n',
      ),
    ).toEqual([':4 printers [Customers] 10.6.4.0/24', ':5 lab [Customers] ! @red 10.7.0.0/16']))

  test.each<[string, string[]]>([
    ['cidr,name\n10.0.0.0/8,a,b', ['2: there are 3 cells under 2 columns; put quotes around a cell with "," in it']],
    ['name,cidr\nx,', ['2: there is no address; fill in the column cidr or range']],
    ['name,cidr,unreachable\nx,10.0.0.0/8,maybe', ['2: unreachable is "maybe"; write yes or no']],
    ['name,cidr\n"x,10.0.0.0/8\n', ['2: a quoted cell begins here and never ends']],
    ['name,cidr\n"x"y,10.0.0.0/8\n', ['2: there is text after the quote that ends a cell; double the quotes inside a cell']],
    ['prefix,status,vrf\n10.0.0.0/33,active,', ['2: "10.0.0.0/33" has a prefix length above 32']],
  ])('refuses %j', (text, expected) => expect(faults(text)).toEqual(expected))

  test('reads back whatever a writer of RFC 4180 wrote', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'ß'), maxLength: 6 })
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const text = rows.map((row) => row.map(quoted).join(',') + end).join('')
        expect(readCsv(text, ',').records.map(({ cells }) => cells)).toEqual(rows)
      }),
    )
  })
})

describe('NetBox JSON', () => {
  const prefix = (text: string, rest: object = {}) => ({
    id: 1,
    prefix: text,
    status: { value: 'active', label: 'Active' },
    vrf: null,
    role: null,
    ...rest,
  })

  test('results of the API', () =>
    expect(
      shown(
        JSON.stringify({
          count: 4,
          next: null,
          results: [
            prefix('10.0.0.0/8', { status: { value: 'container', label: 'Container' } }),
            prefix('10.1.0.0/16', { description: 'Berlin', role: { id: 3, name: 'Office' } }),
            prefix('10.2.0.0/16', { vrf: { id: 1, name: 'blue' } }),
          ],
        }),
      ),
    ).toEqual([' Berlin [Office] 10.1.0.0/16', ' 10.2.0.0/16 ! @blue 10.2.0.0/16']))

  test('one page of many is a fault', () =>
    expect(faults(JSON.stringify({ count: 900, next: 'https://x/?offset=50', results: [prefix('10.1.0.0/16')] }))).toEqual([
      '-: it is only one page of the list ("next" is set, "count" is 900); export it with ?limit=0',
    ]))

  test('a broken prefix is a fault', () =>
    expect(faults(JSON.stringify([prefix('10.1.0.0/16'), prefix('10.1')]))).toEqual([expect.stringContaining('"10.1"')]))
})

const YAML = `
networks:
  - {name: office VPN, cidr: 10.8.0.0/16, kind: vpn}
  - name: storage
    range: 10.20.0.4-10.20.0.7
    viaNat: true
  - {name: ours, cidr: 10.244.0.0/16, kind: own}
  - 192.0.2.0/24
clusters:
  - {name: west, link: mesh, clusterId: 2, pods: [10.244.0.0/16, "fd00:1::/56"], nodes: 10.1.0.0/24}
  - {name: lab, link: routed, pods: [10.9.0.0/16], viaNat: true}
self: {name: east, clusterId: 1}
`

describe('own YAML', () => {
  test('networks, connected clusters and this cluster', () => {
    expect(shown(YAML, 'n.yaml')).toEqual([
      ':3 office VPN [vpn] 10.8.0.0/16',
      ':5 storage ! 10.20.0.4/30',
      ':8 192.0.2.0/24 192.0.2.0/24',
      ':10 pods of cluster west 10.244.0.0/16 fd00:1::/56',
      ':10 nodes of cluster west 10.1.0.0/24',
      ':11 pods of cluster lab ! 10.9.0.0/16',
    ])
    expect(readExternal(YAML, 'n.yaml').clusters).toEqual([
      { name: 'west', id: '2', link: 'mesh', origin: 'n.yaml:10' },
      { name: 'lab', link: 'routed', origin: 'n.yaml:11' },
      { name: 'east', id: '1', origin: 'n.yaml:12' },
    ])
    expect(faults(YAML, 'n.yaml')).toEqual([])
  })

  test('a bare list, and JSON', () => {
    expect(shown('- {name: a, cidr: 10.0.0.0/24}\n- {name: b, link: routed, services: 10.96.0.0/16}\n')).toEqual([
      ':1 a 10.0.0.0/24',
      ':2 services of cluster b 10.96.0.0/16',
    ])
    expect(shown('{"networks": [\n{"name": "a", "cidr": ["10.0.0.0/24", "10.0.2.0/24"]}]}')).toEqual([':2 a 10.0.0.0/24 10.0.2.0/24'])
  })

  test.each<[string, string[]]>([
    [
      'networks:\n  - {name: a, cdir: 10.0.0.0/24}',
      [expect.stringContaining('2: unknown key "cdir"') as unknown as string, '2: there is no address; write "cidr" or "range"'],
    ],
    ['networks:\n  - {cidr: 10.0.0.1/24}', ['2: "10.0.0.1/24" has host bits set for /24; write 10.0.0.0/24']],
    ['networks:\n  - {cidr: 10.0.0.0/24, unreachable: maybe}', ['2: unreachable is "maybe"; write true or false']],
    ['networks: 10.0.0.0/24', ['1: networks must be a list of entries']],
    ['networks:\n  - 7', ['2: 7 is no entry; write {name: ..., cidr: ...}']],
    ['clusters:\n  - {name: a, link: both}', ['2: link is "both"; write mesh or routed']],
    ['clusters:\n  - {link: mesh, pods: [7]}', ['2: there is a cluster without a name']],
    ['networks:\n\t- a', [expect.stringMatching(/^2: it is not YAML: /) as unknown as string]],
    ['networks: *x', [expect.stringMatching(/it is not YAML: /) as unknown as string]],
    [`networks: ${'['.repeat(5000)}`, ['-: it is nested more than 30 levels deep']],
    ['just text', ['1: it holds no list; write "networks:" with entries of name and cidr below it']],
  ])('refuses %j', (text, expected) => expect(faults(text, 'n.yaml')).toEqual(expected))
})

test('no text at all makes it throw', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ':', '-', ' ', '\n', '"', ',', '[', '{', '}', ']', '1', '.', '/', '&', '*', '#', '\t'), maxLength: 40 }),
      (text) => {
        for (const name of ['x.txt', 'x.yaml', 'x.csv']) readExternal(text, name)
      },
    ),
    { numRuns: 300 },
  ))

describe('the system', () => {
  const file = (path: string, text: string): Document => ({
    type: 'file',
    area: 'external',
    node: '',
    path,
    text,
    mtime: AT,
    origin: `external/${path}`,
  })

  test('a bad line is a problem of the file, which is read in part; the rest counts', () => {
    const part = parsed(external, [file('a.txt', '10.0.0.0/24 a\nnonsense\n'), file('b.txt', '10.1.0.0/24'), file('README.md', 'what this is')])
    expect(part.outside?.map(({ name, origin }) => `${name} ${origin}`)).toEqual(['a external/a.txt:1', '10.1.0.0/24 external/b.txt:1'])
    expect(part.problems).toMatchObject([{ kind: 'unreadable', source: 'external/a.txt', origin: 'external/a.txt:2' }])
    expect(part.coverage).toMatchObject([
      { source: 'external/a.txt', status: 'partial', read: 1, error: expect.stringContaining('line 2: "nonsense"') },
      { source: 'external/b.txt', status: 'complete', read: 1 },
    ])
  })

  test.each<[Record<string, string>, object]>([
    [
      { 'cluster-name': 'east', 'cluster-id': '7' },
      { name: 'east', id: '7' },
    ],
    [{ 'cluster-name': 'default', 'cluster-id': '0' }, {}],
  ])('cilium-config %j says who this cluster is', (data, expected) =>
    expect(parsed(external, [object('v1', 'ConfigMap', { metadata: { name: 'cilium-config' }, data }, 'c.json')]).clusters).toEqual([
      { ...expected, origin: 'c.json' },
    ]),
  )

  test('files of other folders are not for it', () =>
    expect(parsed(external, [{ ...file('a.txt', '10.0.0.0/24'), area: 'cloud' } as Document]).outside).toEqual([]))
})
