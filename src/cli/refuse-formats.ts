// Refuses formats that cannot show what a command reports, before any work is done.
import type { Format } from '../formats/define-format.ts'
import { type FormatId, formats } from '../formats/index.ts'
import { UsageError } from '../model/errors.ts'
import type { Report } from '../report/report.ts'

const load = (id: FormatId): Promise<Format> => formats[id]()

const fits = ({ kinds }: Format, kind: Report['kind'] | undefined): boolean => kinds === undefined || (kind !== undefined && kinds.includes(kind))

/**
 * @param kind of the command's report
 * @throws UsageError which names the formats that do
 */
export async function refuseFormats(chosen: readonly FormatId[], kind: Report['kind'] | undefined, command: string): Promise<void> {
  for (const id of chosen) {
    if (fits(await load(id), kind)) continue
    const all = await Promise.all((Object.keys(formats) as FormatId[]).map(load))
    const others = all.filter((format) => fits(format, kind)).map((format) => format.id)
    throw new UsageError(`-o ${id} cannot show what \`${command}\` reports; use one of ${others.join(', ')}`)
  }
}
