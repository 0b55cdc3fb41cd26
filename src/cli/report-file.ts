// A report that an earlier run wrote with `-o json` or `-o yaml`: the baseline, or one side of `ipam diff`. Loaded only when one is given.
import { type SavedReport, savedReport, savedReportSchema } from '../gate/saved-report.ts'
import { UsageError } from '../model/errors.ts'
import { readConfigFile, shownName, smallFile } from '../sources/config-file.ts'
import { type ConfigDocument, checkConfig, parseConfig, parseLargeJson } from './config-document.ts'

/** A report on ten thousand nodes has some ten MiB. */
const largest = 256 * smallFile

const WAY_OUT = 'write one with: ipam audit -o json=FILE'

/** Kinds that are taken for an audit's report, and what to do with them instead. */
const otherKinds: Readonly<Record<string, string>> = {
  AddressPlan: 'what a new plan changes is told by: ipam plan -f REQUEST --keep PLAN',
  DiffReport: `give one of the reports that it compares, or ${WAY_OUT}`,
  Error: `the run that wrote it has failed; ${WAY_OUT}`,
}

function refuseOthers(value: unknown, name: string): void {
  const { apiVersion, kind } = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  if (apiVersion === 'ipam/v1' && kind === 'AuditReport') return
  if (typeof kind !== 'string') throw new UsageError(`${name}: it is no report of an audit; ${WAY_OUT}`)
  const version = apiVersion === 'ipam/v1' ? '' : ` of apiVersion ${JSON.stringify(apiVersion ?? 'none')}, and this program reads ipam/v1`
  const instead = (apiVersion === 'ipam/v1' && Object.hasOwn(otherKinds, kind) ? otherKinds[kind] : undefined) ?? WAY_OUT
  throw new UsageError(`${name}: it is a ${JSON.stringify(kind)}${version}, no report of an audit; ${instead}`)
}

function documentOf(text: string, name: string): ConfigDocument {
  try {
    return text.trimStart().startsWith('{') ? parseLargeJson(text, name) : parseConfig(text, name)
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    throw new UsageError(`${cause.message}; is it cut off? ${WAY_OUT}`, { cause })
  }
}

/** @throws UsageError that names the file, what is wrong with it and the way out */
export async function readReportFile(path: string): Promise<SavedReport> {
  const name = shownName(path)
  const document = documentOf(await readConfigFile(path, largest), name)
  refuseOthers(document.value, name)
  return savedReport(checkConfig(document, savedReportSchema, []), name)
}
