// What the package promises to those who install it.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8')
const manifest = JSON.parse(read('package.json'))

test('one program answers to both names', () => {
  expect(manifest.bin).toEqual({ ipam: './bin/run.js', 'kubectl-ipam': './bin/run.js' })
  expect(read('bin/run.js')).toMatch(/^#!\/usr\/bin\/env node\n/)
  accessSync(new URL('bin/run.js', root), constants.X_OK)
})

test('what the program needs is in the package, and nothing of the developers', () => {
  expect([...manifest.files].sort()).toEqual(['CHANGELOG.md', 'bin/run.js', 'dist', 'oclif.manifest.json', 'schemas'])
  expect(manifest.scripts).toMatchObject({ prepare: 'node bin/dev/build.js' })
  for (const hook of ['preinstall', 'install', 'postinstall']) expect(manifest.scripts).not.toHaveProperty(hook)
})

test('versions are exact, and Node 20.19 is enough for every run-time dependency', () => {
  expect(manifest.engines).toEqual({ node: '>=20.19' })
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
  }
})

test('the lock file names versions and hashes but no registry', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string; integrity?: string }> }
  const others = Object.entries(packages).filter(([name]) => name !== '')
  expect(others.length).toBeGreaterThan(100)
  expect(others.filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name)).toEqual([])
  expect(others.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual([])
})

test('the license is there', () => {
  expect(manifest.license).toBe('Apache-2.0')
  expect(existsSync(new URL('LICENSE', root))).toBe(true)
})
