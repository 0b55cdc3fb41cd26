// Reads a bundle: the folder that `ipam collect` writes, or that a person makes with kubectl and tar (design.md 3).
import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Origin } from '../model/inventory.ts'
import { type BundleDescription, parseBundleDescription } from './bundle-description.ts'
import { readDumpFolder } from './cluster-files.ts'
import { errorCode, failureText } from './failure-text.ts'
import { kindText, type Listed, listDirectory } from './list-directory.ts'
import { readNodeRoot } from './node-root.ts'
import type { Reading } from './reading.ts'
import { readSmallFile } from './regular-file.ts'
import type { FileDocument } from './source.ts'

const DESCRIPTION = 'bundle.json'
const FOLDERS = ['cluster', 'nodes', 'peers', 'external', 'cloud'] as const
const LARGEST_DESCRIPTION = 4 << 20
/** Address lists of a cloud's subnets; Weave's reports are far smaller. */
const LARGEST_FILE = 64 << 20
const DEEPEST_FOLDER = 8

/** @param path of a directory */
export const isBundle = (path: string): boolean =>
  existsSync(`${path}/${DESCRIPTION}`) || FOLDERS.some((name) => statSync(`${path}/${name}`, { throwIfNoEntry: false })?.isDirectory())

/** @param prefix what origins begin with: '' for the only bundle, else its path as typed and a slash */
export async function readBundle(reading: Reading, root: string, prefix: string): Promise<void> {
  const description = describe(reading, root, prefix)
  if (description) reading.describedBy(description)
  reading.named(description?.cluster ?? basename(root))
  if (existsSync(`${root}/cluster`)) await readDumpFolder(reading, `${root}/cluster`, `${prefix}cluster`)
  for (const { name } of foldersOf(reading, `${root}/nodes`, `${prefix}nodes`)) {
    const path = `${root}/nodes/${name}`
    const origin = `${prefix}nodes/${name}`
    await readNodeRoot(
      reading,
      { node: name, root: path, kind: 'copy', rootTime: statSync(path).mtimeMs, origin: (inner) => (inner === '' ? origin : `${origin}/${inner}`) },
      (walk) => walk.directory('', path, 'anything'),
    )
  }
  for (const { name } of foldersOf(reading, `${root}/peers`, `${prefix}peers`)) {
    await readFiles(reading, { area: 'peer', node: name }, `${root}/peers/${name}`, `${prefix}peers/${name}`, '')
  }
  await readFiles(reading, { area: 'external', node: '' }, `${root}/external`, `${prefix}external`, '')
  await readFiles(reading, { area: 'cloud', node: '' }, `${root}/cloud`, `${prefix}cloud`, '')
}

function describe(reading: Reading, root: string, prefix: string): BundleDescription | undefined {
  const origin = `${prefix}${DESCRIPTION}`
  try {
    return parseBundleDescription(readSmallFile(`${root}/${DESCRIPTION}`, LARGEST_DESCRIPTION).bytes, origin)
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') reading.coverObjects(origin, 'failed', 0, failureText(cause))
    return undefined
  }
}

/** Entries by name; none where the folder is not there. Hidden files (.DS_Store, .gitkeep) are nobody's data. */
function entriesOf(reading: Reading, path: string, origin: Origin): Listed[] {
  try {
    const { entries, truncated } = listDirectory(path, statSync(path).size, reading.maxEntries)
    if (truncated) reading.cover(origin, 'partial', entries.length, `has more than ${reading.maxEntries} entries; the rest was not read`)
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') reading.cover(origin, 'failed', 0, `cannot be listed: ${failureText(cause)}`)
    return []
  }
}

function foldersOf(reading: Reading, path: string, origin: Origin): Listed[] {
  return entriesOf(reading, path, origin).filter(({ name, kind, raw }) => {
    if (kind === 'directory' && !raw) return true
    const found = raw ? 'has a name that is not UTF-8' : `is ${kindText[kind]}, not a folder`
    reading.cover(`${origin}/${name}`, 'failed', 0, `${found}; each node has a folder of its own here, and this was not read`)
    return false
  })
}

type Owner = Pick<FileDocument, 'area' | 'node'>

async function readFiles(reading: Reading, owner: Owner, path: string, origin: Origin, below: string): Promise<void> {
  for (const { name, kind } of entriesOf(reading, path, origin)) {
    const inner = `${path}/${name}`
    const innerOrigin = `${origin}/${name}`
    if (kind === 'directory' && below.split('/').length < DEEPEST_FOLDER) await readFiles(reading, owner, inner, innerOrigin, `${below}${name}/`)
    else if (reading.firstVisit(inner)) readFile(reading, owner, inner, innerOrigin, below + name)
    await reading.pause()
  }
}

function readFile(reading: Reading, owner: Owner, real: string, origin: Origin, path: string): void {
  try {
    const { bytes, mtime } = readSmallFile(real, LARGEST_FILE)
    const text = bytes.toString('utf8')
    reading.accept({ type: 'file', ...owner, path, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, mtime, origin })
  } catch (cause) {
    reading.cover(origin, 'failed', 0, failureText(cause))
  }
}
