// `ipam collect`: saves what an audit of the live cluster reads as a bundle, for `ipam audit --from` elsewhere or later.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { openBundleFolder } from '../cli/bundle-folder.ts'
import { clusterFlags } from '../cli/cluster-flags.ts'
import { collectNodes, nodeFlags, nodeManifest } from '../cli/collect-nodes.ts'
import { clusterRequest } from '../cli/live-source.ts'
import { UsageError } from '../model/errors.ts'
import { bundleDescription, bundleReport, isComplete } from '../report/bundle-report.ts'
import { pruneObject } from '../sources/cluster/prune-object.ts'
import { redactCoverage } from '../sources/cluster/redact-coverage.ts'
import { nameHider } from '../sources/cluster/redact-object.ts'
import { clusterSource } from '../sources/cluster.ts'

export default class Collect extends BaseCommand {
  static override reportKind = 'Bundle' as const

  static override summary = 'save a bundle from a live cluster for `audit --from`'

  static override description =
    `Reads the lists that an audit reads and changes nothing. Environment values, managedFields and kubectl's copies of manifests are left out.
With --nodes a DaemonSet runs for as long as it takes to read host-local's directories, CNI configuration and the list of sandboxes of every node.
It can look at everything on a node and change nothing; it is removed in the end, also when the program is interrupted.
Exit codes: 0 all was read, 2 usage, 3 a part is missing (the bundle says which), 4 the cluster could not be reached, 5 DIR could not be written.`

  static override examples = [
    '<%= config.bin %> collect --out bundle/',
    '<%= config.bin %> collect --context production --out bundle/ --redact',
    '<%= config.bin %> collect --nodes --out bundle/',
    '<%= config.bin %> collect --nodes --redact --out bundle/',
    '<%= config.bin %> collect --print-manifest | kubectl apply -f - && <%= config.bin %> collect --node-daemonset ipam-collect --out bundle/',
    '<%= config.bin %> audit --from bundle/',
  ]

  static override flags = {
    ...clusterFlags,
    ...nodeFlags,
    out: Flags.string({ helpValue: 'DIR', summary: 'folder to write; refused when it exists and is not empty, unless --force' }),
    redact: Flags.boolean({ summary: 'replace names of pods, nodes, namespaces and Services by hashes that nobody can turn back' }),
    'allow-incomplete': Flags.boolean({ summary: 'exit 0 instead of 3; the bundle still says what is missing' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Collect)
    if (flags['print-manifest']) return this.write([nodeManifest(flags)])
    const { out } = flags
    if (out === undefined) throw new UsageError('--out is missing: give the folder to write')
    const hide = flags.redact ? nameHider() : undefined
    const folder = openBundleFolder(out, flags.force)
    try {
      // Before the lists: an address that is given in between is seen at its pod at least.
      const nodes = await collectNodes(flags, clusterRequest(flags, this.config.version), folder, hide)
      const summary = await clusterSource({ ...clusterRequest(flags, this.config.version), exact: true }).read((document) => {
        if (document.type !== 'object') return
        const { apiVersion, kind, object, origin } = document
        const kept = pruneObject(kind, { ...object, apiVersion, kind })
        folder.add(origin, hide === undefined ? kept : hide.object(kind, kept))
      })
      const cluster = hide === undefined ? summary.name : hide.name(summary.name)
      const all = [...summary.coverage, ...nodes.coverage]
      const coverage = hide === undefined ? all : all.map((one) => redactCoverage(hide, one))
      const bundle = { path: out, cluster, collectedAt: summary.collectedAt, coverage }
      folder.publish(bundleDescription(bundle))
      for (const warning of [...(summary.warnings ?? []), ...nodes.warnings]) this.notice(`warning: ${warning}`, flags)
      await this.emit(bundleReport(bundle), flags)
      this.finish({ failing: false, incomplete: !isComplete(bundle) && !flags['allow-incomplete'] })
    } finally {
      folder.discard()
    }
  }
}
