// The cache of built tools: built once, published whole, shared by runs at the same time, and a broken build is a reason and not a crash.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeReal } from '../needs.ts'
import { buildGoModule, isBuilt } from './go-module.ts'

const goMissing = spawnSync('go', ['version']).status === 0 ? undefined : 'Go is not installed'

describeReal('the cache of tools', goMissing, () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ipam-go-'))
    vi.stubEnv('IPAM_TEST_CACHE', join(root, 'cache'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(root, { recursive: true })
  })

  function moduleWith(main: string, ldflags = '') {
    const folder = join(root, 'small')
    mkdirSync(join(folder, 'hello'), { recursive: true })
    writeFileSync(join(folder, 'go.mod'), 'module ipam.test/small\n\ngo 1.24.0\n\ntool ipam.test/small/hello\n')
    writeFileSync(join(folder, 'go.sum'), '')
    writeFileSync(join(folder, 'hello/main.go'), `package main\n\nimport "fmt"\n\nvar who = "nobody"\n\nfunc main() { ${main} }\n`)
    return { folder, ldflags, takes: 'a second' }
  }
  const cached = () => readdirSync(join(root, 'cache'))

  test('builds every tool with the linker flags, into a folder of its own', async () => {
    const built = await buildGoModule(moduleWith('fmt.Print(who)', '-X main.who=me'))
    if ('reason' in built) throw new Error(built.reason)
    expect(spawnSync(join(built.dir, 'hello')).stdout.toString()).toBe('me')
    expect(isBuilt(moduleWith('fmt.Print(who)', '-X main.who=you'))).toBe(false)
    expect(isBuilt(moduleWith('fmt.Println(who)', '-X main.who=me'))).toBe(false)
    expect(cached()).toHaveLength(1)
  })

  test('does not build again, not even without Go', async () => {
    const module = moduleWith('fmt.Print(who)')
    const first = await buildGoModule(module)
    vi.stubEnv('PATH', '/nonexistent')
    expect(await buildGoModule(module)).toEqual(first)
    rmSync(join(root, 'cache'), { recursive: true })
    expect(await buildGoModule(module)).toEqual({ reason: expect.stringContaining('Go is not installed') })
  })

  test('two builds at once agree and leave one folder', async () => {
    const module = moduleWith('fmt.Print(who)')
    const [one, two] = await Promise.all([buildGoModule(module), buildGoModule(module)])
    expect(two).toEqual(one)
    expect(cached()).toHaveLength(1)
  })

  test('a build that fails says where and why, and leaves nothing', async () => {
    expect(await buildGoModule(moduleWith('fmt.Print(nothing)'))).toEqual({ reason: expect.stringMatching(/small failed: .*undefined: nothing/) })
    expect(cached()).toEqual([])
  })
})
