// Files of networks outside the cluster, as part of a plan's request. Loaded only when one is given.
import { UsageError } from '../model/errors.ts'
import { formatCidr } from '../net/index.ts'
import type { RequestInput } from '../plan/request-schema.ts'
import { readConfigFile, shownName, smallFile } from '../sources/config-file.ts'
import { readExternal } from '../systems/external/read-external.ts'

/** An export of a large register. */
const largest = 64 * smallFile

/**
 * Networks that nobody routes to are none that pods must reach, and are left out.
 *
 * @throws UsageError with file and line: a list with a hole proves nothing
 */
export async function readExternalFiles(paths: readonly string[]): Promise<NonNullable<RequestInput['externalNetworks']>> {
  const found: { range: string; name?: string }[] = []
  for (const path of paths) {
    const name = shownName(path)
    const { networks, problems } = readExternal(await readConfigFile(path, largest), name)
    const [problem] = problems
    if (problem !== undefined) throw new UsageError(`${name}${problem.line === undefined ? '' : `:${problem.line}`}: ${problem.message}`)
    for (const network of networks) {
      if (!network.reachable) continue
      const label = [network.name, network.cluster?.name].filter((text) => text !== undefined && text !== '').join(' of ')
      found.push({ range: formatCidr(network.cidr), ...(label === '' ? {} : { name: `${label} (${network.origin})` }) })
    }
  }
  return found
}
