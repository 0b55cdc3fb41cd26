// `ipam generate-conf`: a plan or a subnet in, CNI configuration out.
import { join } from 'node:path'
import { BaseCommand, type OutputFlags } from '../cli/base-command.ts'
import { type ConfFlags, confFlags } from '../cli/conf-flags.ts'
import { readConfInput } from '../cli/conf-input.ts'
import { readSettings, refuseFamilies } from '../cli/conf-settings.ts'
import { configurationMode, writeFiles } from '../cli/write-files.ts'
import { UsageError } from '../model/errors.ts'
import { formatCidr } from '../net/index.ts'
import { confReport, type RefusedPair, type WrittenFile } from '../report/conf-report.ts'
import { layOutFiles } from '../systems/cni/lay-out-files.ts'
import { findClashes } from '../systems/cni/targets/base/prove.ts'
import type { Clash, GeneratedFile } from '../systems/cni/targets/define-target.ts'
import { targetOf } from '../systems/cni/targets/index.ts'

type AllFlags = ConfFlags & OutputFlags

/** Enough to see what is wrong with a plan. */
const mostClashes = 20

function refusal({ owners, ranges }: Clash): RefusedPair {
  const areNodes = owners.every((owner) => owner.startsWith('node '))
  const [one, other] = areNodes ? [owners[0].slice(5), owners[1].slice(5)] : owners
  const message = `${areNodes ? 'nodes ' : ''}${one} and ${other} would hand out the same addresses: ${ranges[0]} and ${ranges[1]} overlap`
  return { nodes: [one, other], subnets: ranges, message }
}

/** Objects may follow each other on standard output; other files would run into one. */
function refuseManyFiles(files: readonly GeneratedFile[], flags: AllFlags): void {
  if (flags['out-dir'] !== undefined || flags.layout === 'configmap') return
  if (flags.layout === 'kustomize') throw new UsageError('--layout kustomize writes a folder: give --out-dir DIR')
  if (files.length < 2 || files.every(({ isObject }) => isObject === true)) return
  const nodes = new Set(files.map(({ node }) => node))
  throw new UsageError(
    nodes.size > 1
      ? `there are ${nodes.size} nodes and one standard output: give --node NAME for one of them, or --out-dir DIR for all`
      : `there are ${files.length} files and one standard output: give --out-dir DIR`,
  )
}

export default class GenerateConf extends BaseCommand {
  static override reportKind = 'GeneratedConfiguration' as const

  static override summary = 'Write CNI configuration that puts a plan in force'

  static override description = `From --subnet, or from a plan for one node, the configuration goes to standard output as it belongs into the file.
With --out-dir each node gets a folder DIR/NODE/etc/cni/net.d, laid out like the nodes/ folder of a bundle. All files are read back and
compared before the first is written; nodes that would hand out the same addresses are refused (exit 1). Files get mode 0644; existing ones
stay unless --force.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --subnet 192.168.1.0/24 --type bridge --name mynet --cni-version 0.3.1',
    '<%= config.bin %> <%= command.id %> --plan plan.json --node Node1 --type bridge --name pods',
    '<%= config.bin %> <%= command.id %> --plan plan.json --out-dir out/ --portmap --dns-nameserver 10.96.0.10',
  ]

  static override flags = confFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(GenerateConf)
    const outputs = flags.output ?? []
    if (flags['out-dir'] === undefined && (flags.json || outputs.some(({ file }) => file === undefined))) {
      throw new UsageError('-o and --json describe the files that were written; without --out-dir the configuration itself goes to standard output')
    }
    const target = targetOf(flags.target)
    const settings = readSettings(flags, target)
    const { shares, plan, isWanted } = await readConfInput(flags, target)
    for (const { node, ranges } of shares) refuseFamilies(settings, ranges, node === undefined ? '--subnet' : `node ${node}`)

    const input = { shares, settings, plan }
    const files = target.generate(input)
    refuseManyFiles(files.filter(isWanted), flags)
    const refused: RefusedPair[] = []
    for (const clash of findClashes(target, files, input)) if (refused.push(refusal(clash)) === mostClashes) break
    if (refused.length > 0) return this.refuse(refused, flags)

    if (settings.defaultRoute && 'master' in settings.plugin && flags.plan !== undefined) {
      this.notice(
        `${settings.plugin.type} pods use the second address of their node's subnet as gateway; a router on the segment must have it`,
        flags,
      )
    }
    const subnets = new Map(shares.map(({ node, ranges }) => [node, ranges.map(({ subnet }) => formatCidr(subnet))]))
    await this.deliver(layOutFiles(files.filter(isWanted), flags.layout, settings), subnets, flags)
  }

  private async refuse(refused: readonly RefusedPair[], flags: AllFlags): Promise<void> {
    for (const { message } of refused) this.notice(`Error: ${message}`, { quiet: false })
    if (flags.json || flags.output !== undefined) await this.emit(confReport([], refused, this.config.version), flags)
    this.finish({ failing: true, incomplete: false })
  }

  private async deliver(
    files: readonly GeneratedFile[],
    subnets: ReadonlyMap<string | undefined, readonly string[]>,
    flags: AllFlags,
  ): Promise<void> {
    const folder = flags['out-dir']
    const written = files.map(({ node, path }): WrittenFile => {
      return { node, path: folder === undefined ? path : join(folder, path), subnets: subnets.get(node) ?? [] }
    })
    if (folder === undefined) await this.write(files.map(({ text }, index) => (index === 0 ? text : `---\n${text}`)))
    else {
      const outputs = files.map(({ text }, index) => ({ path: written[index]?.path ?? '', text, mode: configurationMode }))
      await writeFiles(outputs, flags)
    }
    if (folder !== undefined || flags.output !== undefined) await this.emit(confReport(written, [], this.config.version), flags)
  }
}
