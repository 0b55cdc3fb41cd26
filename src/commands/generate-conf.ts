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
import type { Clash, GeneratedFile, NodeShare } from '../systems/cni/targets/define-target.ts'
import { targetOf } from '../systems/cni/targets/index.ts'

type AllFlags = ConfFlags & OutputFlags

/** Enough to see what is wrong with a plan. */
const mostClashes = 20

function refusal({ nodes: [one, other], subnets: [first, second] }: Clash): RefusedPair {
  const message = `nodes ${one} and ${other} would hand out the same addresses: ${first} and ${second} overlap`
  return { nodes: [one, other], subnets: [first, second], message }
}

export default class GenerateConf extends BaseCommand {
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
    const settings = readSettings(flags)
    const { shares, isWanted } = await readConfInput(flags)
    for (const { node, ranges } of shares) refuseFamilies(settings, ranges, node === undefined ? '--subnet' : `node ${node}`)

    const target = targetOf(flags.target)
    const files = target.generate(shares, settings)
    const refused: RefusedPair[] = []
    for (const clash of target.findClashes(files, shares)) if (refused.push(refusal(clash)) === mostClashes) break
    if (refused.length > 0) return this.refuse(refused, flags)

    if (settings.defaultRoute && 'master' in settings.plugin && flags.plan !== undefined) {
      this.notice(
        `${settings.plugin.type} pods use the second address of their node's subnet as gateway; a router on the segment must have it`,
        flags,
      )
    }
    await this.deliver(files.filter(isWanted), shares.filter(isWanted), flags)
  }

  private async refuse(refused: readonly RefusedPair[], flags: AllFlags): Promise<void> {
    for (const { message } of refused) this.notice(`Error: ${message}`, { quiet: false })
    if (flags.json || flags.output !== undefined) await this.emit(confReport([], refused, this.config.version), flags)
    this.finish({ failing: true, incomplete: false })
  }

  private async deliver(files: readonly GeneratedFile[], shares: readonly NodeShare[], flags: AllFlags): Promise<void> {
    const folder = flags['out-dir']
    const written = files.map(({ node, path }, index): WrittenFile => {
      const subnets = (shares[index]?.ranges ?? []).map(({ subnet }) => formatCidr(subnet))
      return { node, path: folder === undefined ? path : join(folder, path), subnets }
    })
    if (folder === undefined) await this.write(files.map(({ text }) => text))
    else {
      const outputs = files.map(({ text }, index) => ({ path: written[index]?.path ?? '', text, mode: configurationMode }))
      await writeFiles(outputs, flags)
    }
    if (folder !== undefined || flags.output !== undefined) await this.emit(confReport(written, [], this.config.version), flags)
  }
}
