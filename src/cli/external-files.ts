// `--external FILE`: lists of networks outside the cluster, read and checked before anything else, then given to the systems like a bundle's own.
import { UsageError } from '../model/errors.ts'
import { readConfigFile, shownName } from '../sources/config-file.ts'
import type { FileDocument, Source } from '../sources/source.ts'
import { readExternal } from '../systems/external/read-external.ts'

/** Registers of large companies hold some hundred thousand networks. */
const LARGEST = 64 << 20

/** @throws UsageError naming the file and the line of its first fault */
export async function readExternalFiles(paths: readonly string[]): Promise<readonly FileDocument[]> {
  const documents: FileDocument[] = []
  for (const path of paths) {
    const text = await readConfigFile(path, LARGEST)
    const name = shownName(path)
    const [fault] = readExternal(text, name).problems
    if (fault !== undefined) throw new UsageError(`--external ${name}${fault.line === undefined ? '' : `:${fault.line}`}: ${fault.message}`)
    documents.push({ type: 'file', area: 'external', node: '', path: name, text, mtime: 0, origin: name })
  }
  return documents
}

/** The same source, after these documents. */
export const withDocuments = (source: Source, documents: readonly FileDocument[]): Source =>
  documents.length === 0
    ? source
    : {
        ...source,
        read(accept, needs) {
          for (const document of documents) accept(document)
          return source.read(accept, needs)
        },
      }
