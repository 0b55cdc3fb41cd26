// Flags that generate-conf refuses.
import { describe, expect, test } from 'vitest'
import { conf, folder, one } from './run-generate-conf.ts'

describe('refused with exit 2, nothing on standard output', () => {
  test.each<[string, readonly string[], string]>([
    ['no input', [], 'there is nothing to allocate from: give --subnet CIDR, or --plan FILE as ipam plan -o json writes it'],
    ['two inputs', [...one, '--plan', 'x'], '--subnet and --plan contradict each other; give one of them'],
    ['a node without a plan', [...one, '--node', 'n1'], '--node names a node of a plan; give the plan too: --plan FILE'],
    [
      'bounds with a plan',
      ['--plan', 'x', '--range-start', '10.9.1.5'],
      '--range-start belongs to one subnet, and a plan has one for each node; use --subnet for this node',
    ],
    ['host bits', ['--subnet', '192.168.1.7/24'], '--subnet: "192.168.1.7/24" has host bits set for /24; write 192.168.1.0/24'],
    [
      'leading zeros',
      ['--subnet', '010.9.1.0/24'],
      '--subnet: "010.9.1.0/24" has an octet with a leading zero: octal or decimal? Write 8 or 10 for 010',
    ],
    ['a /31', ['--subnet', '10.9.1.0/31'], '--subnet: 10.9.1.0/31 is too small: host-local needs a /30 or larger'],
    ['a /32', ['--subnet', '10.9.1.7/32'], '--subnet: 10.9.1.7/32 is too small: host-local needs a /30 or larger'],
    ['a /128', ['--subnet', 'fd00::1/128'], '--subnet: fd00::1/128 is too small: host-local needs a /126 or larger'],
    ['a range outside', [...one, '--range-end', '10.9.2.5'], '--subnet: the end of the range 10.9.2.5 lies outside 10.9.1.0/24'],
    ['an address that is none', [...one, '--gateway', '10.9.1'], '--gateway: "10.9.1" is a short or hexadecimal form; write four octets in decimal'],
    [
      'a network name that leaves the folder',
      [...one, '--name', '../x'],
      '--name: "../x" is no network name: letters, digits, "_", "." and "-", a letter or digit first',
    ],
    ['an empty network name', [...one, '--name', ''], '--name: "" is no network name: letters, digits, "_", "." and "-", a letter or digit first'],
    ['a long bridge name', [...one, '--bridge', 'a234567890123456'], '--bridge: "a234567890123456" is no interface name: it has more than 15 bytes'],
    [
      'a bridge name with a slash',
      [...one, '--bridge', 'a/b'],
      '--bridge: "a/b" is no interface name: it must not be empty, "." or "..", or hold "/", ":" or blanks',
    ],
    [
      'a file that no runtime loads',
      [...one, '--file-name', 'x.conf'],
      '--file-name: "x.conf" is no name like 10-pods.conflist: letters, digits, "_", "." and "-", ending in .conflist',
    ],
    [
      'a file name with a folder',
      [...one, '--file-name', 'a/x.conflist'],
      '--file-name: "a/x.conflist" is no name like 10-pods.conflist: letters, digits, "_", "." and "-", ending in .conflist',
    ],
    ['a relative data folder', [...one, '--data-dir', 'x'], '--data-dir: "x" is no absolute path, like /run/cni-ipam-state'],
    ['a data folder with a way up', [...one, '--data-dir', '/run/../x'], '--data-dir: "/run/../x" is no absolute path, like /run/cni-ipam-state'],
    [
      'macvlan without an interface',
      [...one, '--type', 'macvlan'],
      '--master is missing: which interface of the node is macvlan to share? for example --master eth0',
    ],
    [
      'a mode of another plugin',
      [...one, '--type', 'ipvlan', '--master', 'e', '--mode', 'vepa'],
      '--mode: "vepa" is no mode of ipvlan; there is l2, l3, l3s',
    ],
    ['a flag of another plugin', [...one, '--type', 'ptp', '--hairpin'], '--hairpin is for --type bridge, not for ptp'],
    [
      'masquerading where there is none',
      [...one, '--type', 'macvlan', '--master', 'e', '--ip-masq'],
      '--ip-masq is for --type bridge or ptp, not for macvlan',
    ],
    ['a route of another family', [...one, '--route', 'fd00::/8'], '--route: fd00::/8 is IPv6, and --subnet has no such subnet'],
    ['a route of two families', [...one, '--route', '10.0.0.0/8=fd00::1'], '--route: the gateway fd00::1 and 10.0.0.0/8 are of two address families'],
    [
      'an MTU too small for IPv6',
      ['--subnet', 'fd00::/64', '--mtu', '1200'],
      '--mtu: 1200 is less than the 1280 that IPv6 needs, and --subnet has an IPv6 subnet',
    ],
    ['a name server that is none', [...one, '--dns-nameserver', 'dns.test'], '--dns-nameserver: "dns.test" is not an IPv4 or IPv6 address'],
    ['a domain that is none', [...one, '--dns-search', 'a..b'], '--dns-search: "a..b" is no domain name'],
    ['an empty folder name', [...one, '--out-dir', ''], '--out-dir is empty; name a folder'],
    [
      'a report in place of the configuration',
      [...one, '-o', 'yaml'],
      '-o and --json describe the files that were written; without --out-dir the configuration itself goes to standard output',
    ],
  ])('%s', async (_, args, message) => {
    expect(await conf(args)).toEqual({ code: 2, stdout: '', stderr: `Error: ${message}\n` })
  })

  test('with --json the error is a JSON document', async () => {
    const result = await conf(['--subnet', '10.9.1.7/24', '--out-dir', folder(), '--json'])
    expect(result.code).toBe(2)
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: 'Error', error: { code: 2 } })
  })
  test('control characters in what was given are shown and not sent to the terminal', async () => {
    const result = await conf(['--subnet', '10.9.1.0/24\u001b[31m', '--name', 'x'])
    expect(result.code).toBe(2)
    expect(result.stderr).not.toContain('\u001b')
  })
})
