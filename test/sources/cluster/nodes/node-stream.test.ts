// What a node prints is believed only as far as its checksums go, whatever the log, the node or its file names do to it.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeExcerpt } from '../../../../src/sources/cluster/nodes/node-excerpt.ts'
import { nodeScript } from '../../../../src/sources/cluster/nodes/node-script.ts'
import { readNodeStream } from '../../../../src/sources/cluster/nodes/node-stream.ts'

const read = async (text: string | Buffer, step = 1000) => {
  const reader = readNodeStream()
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += step) if (!reader.push(bytes.subarray(at, at + step))) break
  return reader.finish()
}

/** One entry of a ustar archive. */
function entry(name: string | Buffer, content = '', type = '0', target = ''): Buffer {
  const block = Buffer.alloc(512)
  Buffer.from(name as string).copy(block)
  block.write('0000644\0', 100, 'latin1')
  block.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  block.write('14725664000\0', 136, 'latin1')
  block.write(type, 156, 'latin1')
  block.write(target, 157, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  return Buffer.concat([block, Buffer.from(content), Buffer.alloc(-content.length & 511)])
}

const section = (name: string, entries: readonly Buffer[], code = 0): string => {
  const packed = gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]))
  return `@ipam begin ${name}\n${packed.toString('base64').replace(/(.{1,100})/g, '$1\n')}@ipam end ${name} ${code} ${createHash('sha256').update(packed).digest('hex')}\n`
}
const START = '@ipam start 1 1764000000 1763000000\n'
const stream = (...sections: readonly string[]): string => `${START}${sections.join('')}@ipam done\n`
const allocation = entry('var/lib/cni/networks/pods/10.1.0.2', 'abc\r\neth0')
const good = stream(section('files', [entry('etc/cni/net.d/10-x.conflist', '{}')]), section('state', [allocation]))
const names = (excerpt: ReturnType<typeof nodeExcerpt>) => excerpt.files.map(({ path }) => path.toString())

describe('what a node printed', () => {
  test('comes out whole, with its clock, boot and file times', async () => {
    const found = await read(good, 7)
    expect(found).toMatchObject({ collectedAt: 1_764_000_000_000, bootTime: 1_763_000_000_000, problem: undefined })
    const excerpt = nodeExcerpt(found)
    expect(names(excerpt)).toEqual(['etc/cni/net.d/10-x.conflist', 'var/lib/cni/networks/pods/10.1.0.2'])
    expect(excerpt.problems).toEqual([])
    expect(excerpt.stat).toEqual({
      collectedAt: '2025-11-24T16:00:00Z',
      bootTime: '2025-11-13T02:13:20Z',
      files: {
        'etc/cni/net.d/10-x.conflist': { mtime: '2024-12-09T21:58:24Z', size: 2, mode: '0644' },
        'var/lib/cni/networks/pods/10.1.0.2': { mtime: '2024-12-09T21:58:24Z', size: 9, mode: '0644' },
      },
    })
  })

  test('is never taken for whole when it is cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: START.length, max: good.length - '@ipam done\n'.length }), async (length) => {
        expect((await read(good.slice(0, length))).problem).toMatch(/ended too early/)
      }),
    )
  })

  test('is never taken for whole when a byte of its packed parts is another one', async () => {
    const letters = [...good.matchAll(/^[A-Za-z0-9+/]{20,}/gm)].flatMap(({ index, 0: line }) => Array.from(line, (_, i) => index + i))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...letters), async (at) => {
        const other = good[at] === 'A' ? 'B' : 'A'
        const { problem, sections } = await read(good.slice(0, at) + other + good.slice(at + 1))
        // The last letter before "=" holds bits that nobody reads.
        if (sections.size === 2) expect(good[at + 1]).toBe('=')
        else expect(problem).toMatch(/damaged/)
      }),
    )
  })

  test('keeps the parts that came whole, and names the one that did not', async () => {
    const cut = await read(good.slice(0, good.indexOf('@ipam end state')))
    expect([...cut.sections.keys()]).toEqual(['files'])
    expect(cut.problem).toBe('it ended too early; its part "state" was cut')
  })

  test.each([
    ['nothing', '', /printed nothing/],
    ['a log whose beginning was rotated away', good.slice(good.indexOf('\n') + 1), /beginning .* is missing/],
    ['another program', 'hello\nworld\n', /beginning .* is missing/],
  ])('of %s nothing can be used', async (_, text, words) => {
    await expect(read(text)).rejects.toThrow(words)
  })

  test('begins anew where the container was started again', async () => {
    const again = await read(good.slice(0, good.indexOf('@ipam begin state')) + good.replace('1764000000', '1764000009'))
    expect([again.collectedAt, again.problem, again.sections.size]).toEqual([1_764_000_009_000, undefined, 2])
  })

  test('without end is given up', async () => {
    const reader = readNodeStream()
    expect(reader.push(Buffer.from(`${START}@ipam begin files\n`))).toBe(true)
    expect(reader.push(Buffer.alloc(20_000, 'A'))).toBe(false)
    expect((await reader.finish()).problem).toMatch(/line without end/)
  })

  test('may not unpack to more than fits', async () => {
    const packed = gzipSync(Buffer.alloc(300 << 20), { level: 9 })
    const digest = createHash('sha256').update(packed).digest('hex')
    const bomb = `${START}@ipam begin state\n${packed.toString('base64').replace(/(.{1,4000})/g, '$1\n')}@ipam end state 0 ${digest}\n@ipam done\n`
    expect((await read(bomb, 1 << 20)).problem).toMatch(/larger than 256 MiB/)
  })
})

describe('files of a hostile node', () => {
  const excerptOf = async (...entries: readonly Buffer[]) => nodeExcerpt(await read(stream(section('state', entries))))

  test.each([
    ['a path out of the folder', entry('../../etc/cron.d/x', 'x'), /"\.\.\/\.\.\/etc\/cron.d\/x" leads out/],
    ['a path that goes up within', entry('var/../../x', 'x'), /leads out/],
    ['a link', entry('var/x', '', '2', '/etc/shadow'), /"var\/x" is a link/],
    ['a FIFO', entry('var/x', '', '6'), /"var\/x" is no regular file/],
    ['a file twice', entry('var/lib/cni/networks/pods/10.1.0.2', 'other'), /comes twice/],
    ['a file in a file', entry('var/lib/cni/networks/pods/10.1.0.2/x', 'other'), /lies in what is no folder/],
    ['a file of 5 MiB', entry('var/x', 'x'.repeat(5 << 20)), /larger than 4 MiB/],
    ['a path without end', Buffer.concat([entry('././@LongLink', 'a/'.repeat(2000), 'L'), entry('x', 'x')]), /too long a name/],
  ])('%s is left out and said', async (_, bad, words) => {
    const excerpt = await excerptOf(allocation, bad)
    expect(names(excerpt)).toEqual(['var/lib/cni/networks/pods/10.1.0.2'])
    expect(excerpt.problems).toEqual([expect.stringMatching(words)])
  })

  test('absolute paths stay within, times of others than stat.json are not taken, and odd bytes keep their name', async () => {
    const odd = Buffer.from('var/lib/cni/networks/pods/\xff\x1b[31m', 'latin1')
    const excerpt = await excerptOf(entry('/etc/passwd', 'x'), entry('stat.json', '{}'), entry(odd, 'x'), entry('__proto__', 'x'))
    expect(excerpt.files.map(({ path }) => path.toString('latin1'))).toEqual(['etc/passwd', odd.toString('latin1'), '__proto__'])
    expect(Object.keys((excerpt.stat as { files: object }).files)).toEqual(['etc/passwd', '__proto__'])
    expect(({} as { mtime?: unknown }).mtime).toBeUndefined()
  })

  test('what tar could not read whole is said', async () => {
    expect(nodeExcerpt(await read(stream(section('state', [allocation], 1)))).problems).toEqual([expect.stringMatching(/may not be whole/)])
  })
})

describe('the script of the pods', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-script-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const host = join(folder, 'host')
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(host, path)), { recursive: true })
    writeFileSync(join(host, path), content)
    utimesSync(join(host, path), 1_700_000_000, 1_700_000_000)
  }
  let printed: Buffer
  beforeAll(() => {
    put('var/lib/cni/networks/pods/10.1.0.2', 'abc\r\neth0')
    put('var/lib/cni/networks/pods/evil\n@ipam done\nx', 'x')
    put('var/lib/cni/networks/pods/lock', '')
    put('etc/cni/net.d/10-pods.conflist', '{"plugins":[{"type":"x","k8s_auth_token":"canary-1","ipam":{"dataDir": "/run/own-state"}}]}')
    put('etc/cni/net.d/calico-kubeconfig', 'token: canary-2')
    put('etc/cni/net.d/20-more.conf', '{"ipam":{"dataDir":"/var/lib/etcd-like"},"x":{"dataDir":"/etc/../etc"}}')
    put('run/own-state/more/10.9.0.1', 'def')
    put('run/own-state/more/last_reserved_ip.0', '10.9.0.1')
    put('var/lib/etcd-like/member/secret', 'canary-3')
    put('var/lib/cni/results/pods-abc-eth0', '{"kind":"cniCacheV1","containerId":"abc","config":"Y2FuYXJ5","ifName":"eth0"}')
    put('etc/docker/daemon.json', '{"bip":"172.17.0.1/16","proxies":{"http-proxy":"http://user:canary-4@proxy:3128"}}')
    put('run/flannel/subnet.env', 'FLANNEL_SUBNET=10.1.0.1/24\n')
    put('root/secret.json', 'canary-5')
    symlinkSync('../../../root/secret.json', join(host, 'etc/cni/net.d/30-link.conf'))
    symlinkSync('10-pods.conflist', join(host, 'etc/cni/net.d/05-near.conflist'))
    execFileSync('mkfifo', [join(host, 'var/lib/cni/networks/pods/fifo')])
    mkdirSync(join(folder, 'work'))
    printed = execFileSync('sh', ['-c', nodeScript, 'ipam', host, join(folder, 'work')], { timeout: 20_000, maxBuffer: 1 << 26 })
  })

  test('prints host-local, configuration, cache and ranges, each with its time, and no secret', async () => {
    const found = await read(printed)
    expect(found.problem).toBeUndefined()
    const excerpt = nodeExcerpt(found)
    const files = new Map(excerpt.files.flatMap(({ path, content }) => (content === undefined ? [] : [[path.toString(), content.toString()]])))
    expect([...files.keys()].sort()).toEqual([
      'etc/cni/net.d/05-near.conflist',
      'etc/cni/net.d/10-pods.conflist',
      'etc/cni/net.d/20-more.conf',
      'etc/docker/daemon.json',
      'run/flannel/subnet.env',
      'run/own-state/more/10.9.0.1',
      'run/own-state/more/last_reserved_ip.0',
      'var/lib/cni/networks/pods/10.1.0.2',
      'var/lib/cni/networks/pods/evil\n@ipam done\nx',
      'var/lib/cni/networks/pods/lock',
      'var/lib/cni/results/pods-abc-eth0',
    ])
    expect(files.get('var/lib/cni/networks/pods/10.1.0.2')).toBe('abc\r\neth0')
    expect(files.get('var/lib/cni/results/pods-abc-eth0')).toBe('{"kind":"cniCacheV1","containerId":"abc","config":"","ifName":"eth0"}')
    const times = (excerpt.stat as { files: Record<string, { mtime: string }> }).files
    for (const path of files.keys()) expect(times[path]?.mtime, path).toBe('2023-11-14T22:13:20Z')
    expect([...files.values()].join()).not.toContain('canary')
    expect(excerpt.problems).toEqual([
      'etc/cni/net.d/30-link.conf is a link to a place that was not read',
      '"var/lib/cni/networks/pods/fifo" is no regular file and was not saved',
    ])
  })

  test('leaves a directory with a large file alone, and says so', async () => {
    put('var/lib/cni/networks/pods/large', 'x'.repeat(2 << 20))
    const again = execFileSync('sh', ['-c', nodeScript, 'ipam', host, join(folder, 'work')], { timeout: 20_000, maxBuffer: 1 << 26 })
    const excerpt = nodeExcerpt(await read(again))
    expect(excerpt.problems.join()).toMatch(/\/var\/lib\/cni\/networks holds a file of more than 1 MiB/)
    expect(names(excerpt).filter((name) => name.startsWith('var/lib/cni/networks'))).toEqual([])
  })
})
