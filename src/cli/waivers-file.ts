// `--waivers FILE`: read and checked before anything else. Loaded only when one is given.
import { type NamedRule, readWaivers } from '../gate/read-waivers.ts'
import type { Waiver } from '../gate/waiver.ts'
import { foreignKeys, waiverKeys, waiversSchema } from '../gate/waivers-schema.ts'
import { readConfigFile, shownName } from '../sources/config-file.ts'
import { checkConfig, parseConfig } from './config-document.ts'
import { didYouMean } from './did-you-mean.ts'

/** @throws UsageError with file, line and column */
export async function readWaiversFile(path: string, rules: readonly NamedRule[]): Promise<readonly Waiver[]> {
  const document = parseConfig(await readConfigFile(path), shownName(path))
  const { waivers } = checkConfig(document, waiversSchema, waiverKeys, foreignKeys)
  return readWaivers(waivers, { rules, where: document.where, near: didYouMean })
}
