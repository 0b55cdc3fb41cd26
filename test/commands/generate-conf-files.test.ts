// What generate-conf writes into folders, and what keeps it from writing.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conf, folder, nodes, one, paths, plan, planFile, program } from './run-generate-conf.ts'

describe('into folders', () => {
  test('one folder for each node, with the bytes that standard output has', async () => {
    const [out, file] = [folder(), planFile()]
    const result = await conf(['--plan', file, '--out-dir', join(out, 'new/out'), '--portmap'])
    const node2 = join(out, 'new/out/Node2/etc/cni/net.d/10-pods.conflist')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toContain(node2)
    expect(paths(out).sort()).toEqual([node2.replace('Node2', 'Node1'), node2])
    expect(readFileSync(node2, 'utf8')).toBe((await conf(['--plan', file, '--node', 'Node2', '--portmap'])).stdout)
    expect(statSync(node2).mode & 0o777).toBe(0o644)
  })
  test('only the nodes asked for, under a name of choice', async () => {
    const out = folder()
    await conf(['--plan', planFile(), '--node', 'Node2', '--out-dir', out, '--file-name', '05-own.conflist'])
    expect(paths(out)).toEqual([join(out, 'Node2/etc/cni/net.d/05-own.conflist')])
  })
  test('without a plan the file lies in the folder itself', async () => {
    const out = folder()
    const result = await conf(['--subnet', '10.9.1.0/24', '--name', 'net7', '--out-dir', out, '-o', 'json'])
    expect(paths(out)).toEqual([join(out, '10-net7.conflist')])
    expect(JSON.parse(result.stdout)).toMatchObject({
      apiVersion: 'ipam/v1',
      kind: 'GeneratedConfiguration',
      files: [{ node: null, path: join(out, '10-net7.conflist'), subnets: ['10.9.1.0/24'] }],
      refused: [],
    })
  })
  test('names, for pipes', async () => {
    const out = folder()
    const result = await conf(['--plan', planFile(), '--out-dir', out, '-o', 'name'])
    expect(result.stdout).toBe(`file/${out}/Node1/etc/cni/net.d/10-pods.conflist\nfile/${out}/Node2/etc/cni/net.d/10-pods.conflist\n`)
  })
  test('an existing file stays and stops everything; --force replaces it', async () => {
    const [out, file] = [folder(), planFile()]
    const second = join(out, 'Node2/etc/cni/net.d/10-pods.conflist')
    mkdirSync(join(second, '..'), { recursive: true })
    writeFileSync(second, 'mine')
    const refused = await conf(['--plan', file, '--out-dir', out])
    expect(refused).toMatchObject({ code: 5, stdout: '' })
    expect(refused.stderr).toContain(second)
    expect([readFileSync(second, 'utf8'), paths(out)]).toEqual(['mine', [second]])
    expect(await conf(['--plan', file, '--out-dir', out, '--force'])).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(readFileSync(second, 'utf8')).name).toBe('pods')
    expect(paths(out)).toHaveLength(2)
  })
  test('a link, a directory or a file in the way is left as it is, with --force too', async () => {
    const out = folder()
    const target = join(out, 'kept')
    writeFileSync(target, 'mine')
    symlinkSync(target, join(out, '10-a.conflist'))
    mkdirSync(join(out, '10-b.conflist'))
    const run = (name: string, dir = out) => conf(['--subnet', '10.9.1.0/24', '--out-dir', dir, '--name', name, '--force'])
    for (const result of [await run('a'), await run('b'), await run('c', target)]) expect(result).toMatchObject({ code: 5, stdout: '' })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(readdirSync(out).sort()).toEqual(['10-a.conflist', '10-b.conflist', 'kept'])
  })
  test('a folder that takes no files', async () => {
    expect(await conf([...one, '--out-dir', '/proc/ipam'])).toMatchObject({ code: 5, stdout: '' })
  })
  test('two at once: one wins, none is torn', async () => {
    const [out, file] = [folder(), planFile()]
    const results = await Promise.all(['a', 'b'].map((bridge) => program(['--plan', file, '--out-dir', out, '--bridge', bridge])))
    const winner = results.findIndex(({ code }) => code === 0)
    expect(results.map(({ code }) => code).sort()).toEqual([0, 5])
    const bridges = paths(out).map((path) => JSON.parse(readFileSync(path, 'utf8')).plugins[0].bridge)
    expect(bridges).toEqual(winner === 0 ? ['a', 'a'] : ['b', 'b'])
  })
})

describe('nodes that would hand out the same addresses', () => {
  const overlapping = plan({ nodes: [...nodes, { name: 'Node3', subnets: ['10.244.2.128/25'] }] })
  const message = 'nodes Node2 and Node3 would hand out the same addresses: 10.244.2.0/24 and 10.244.2.128/25 overlap'
  test('are refused by name, and nothing is written', async () => {
    const out = join(folder(), 'out')
    const result = await conf(['--plan', planFile(overlapping), '--out-dir', out])
    expect(result).toEqual({ code: 1, stdout: '', stderr: `Error: ${message}\n` })
    expect(existsSync(out)).toBe(false)
  })
  test('also when only one of them is asked for, or neither', async () => {
    const file = planFile(overlapping)
    for (const node of ['Node3', 'Node1']) expect(await conf(['--plan', file, '--node', node, '--quiet'])).toMatchObject({ code: 1, stdout: '' })
  })
  test('are named in JSON with the same exit code', async () => {
    const result = await program(['--plan', planFile(overlapping), '--out-dir', folder(), '--json'])
    expect(result.code).toBe(1)
    expect(JSON.parse(result.stdout)).toMatchObject({
      files: [],
      refused: [{ nodes: ['Node2', 'Node3'], subnets: ['10.244.2.0/24', '10.244.2.128/25'], message }],
    })
  })
  test('are not listed without end', async () => {
    const many = plan({ nodes: Array.from({ length: 300 }, (_, index) => ({ name: `n${index}`, subnets: ['10.244.2.0/24'] })) })
    const result = await conf(['--plan', planFile(many), '--node', 'n7'])
    expect(result.stderr.split('\n').filter(Boolean)).toHaveLength(20)
  })
})
