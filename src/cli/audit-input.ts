// What the commands that judge state share: where it comes from (files and directories, else the live cluster), and how it is judged.
import { Flags } from '@oclif/core'
import { UsageError } from '../model/errors.ts'
import { type Severity, severities } from '../model/finding.ts'
import { directorySource } from '../sources/directory.ts'
import type { Source } from '../sources/source.ts'
import { parseHostLocal, parseSpan, parseTime } from './audit-flags.ts'
import type { AuditRequest } from './audit-run.ts'
import { type ClusterFlags, givenClusterFlags } from './cluster-flags.ts'
import { repeatable } from './repeatable.ts'

export const inputFlags = {
  from: Flags.string({
    ...repeatable,
    helpValue: 'PATH',
    helpGroup: 'INPUT',
    summary: 'bundle, folder or file of saved `kubectl get -o json|yaml` output, or - for standard input; repeatable',
  }),
  'host-local': Flags.string({
    ...repeatable,
    helpValue: '[NODE=]DIR',
    helpGroup: 'INPUT',
    summary: 'state directory of host-local, on this node or mounted; repeatable',
  }),
  external: Flags.string({
    ...repeatable,
    helpValue: 'FILE',
    helpGroup: 'INPUT',
    summary: 'networks outside the cluster and connected clusters: list, CSV, YAML, export of NetBox or phpIPAM; repeatable',
  }),
}

export const judgeFlags = {
  grace: Flags.string({ default: '15m', helpValue: 'SPAN', summary: 'how old a record must be before it can be stale: 90s, 15m, 2h' }),
  'fail-on': Flags.string({ default: 'medium', options: [...severities, 'never'], summary: 'lowest severity that makes the exit code 1' }),
  strict: Flags.boolean({ summary: 'a rule without its input makes the run incomplete (exit 3)' }),
  'allow-incomplete': Flags.boolean({ summary: 'exit 0 instead of 3; the report still says what is missing' }),
  'no-confirm': Flags.boolean({ summary: 'do not fetch what suspects rest on a second time before they are reported' }),
  now: Flags.string({ helpValue: 'TIME', summary: 'judge as of this time (RFC 3339) instead of the time of collection' }),
}

interface JudgeFlags {
  readonly grace: string
  readonly 'fail-on': string
  readonly strict: boolean
  readonly 'no-confirm': boolean
  readonly now?: string | undefined
}

/** @throws UsageError */
export const judgeRequest = (flags: JudgeFlags, version: string, notice: AuditRequest['notice']): Omit<AuditRequest, 'source' | 'rules'> => ({
  grace: parseSpan('--grace', flags.grace),
  failOn: flags['fail-on'] as Severity | 'never',
  strict: flags.strict,
  now: flags.now === undefined ? undefined : parseTime('--now', flags.now),
  generatedAt: Date.now(),
  version,
  confirm: !flags['no-confirm'],
  notice,
})

interface InputFlags {
  readonly from?: readonly string[] | undefined
  readonly 'host-local'?: readonly string[] | undefined
}

export const readsFiles = ({ from = [], 'host-local': hostLocal = [] }: InputFlags): boolean => from.length > 0 || hostLocal.length > 0

/**
 * The files that were named, else one live cluster.
 *
 * @throws UsageError for flags of a cluster that is not read
 */
export async function auditSource(flags: InputFlags & ClusterFlags, version: string): Promise<Source> {
  if (!readsFiles(flags)) return (await import('./live-source.ts')).liveSource(flags, version)
  const [misplaced] = givenClusterFlags({ ...flags })
  if (misplaced !== undefined)
    throw new UsageError(`--${misplaced} is about a live cluster, which is not read when --from or --host-local is given; leave one of them out`)
  return directorySource({ from: flags.from ?? [], hostLocal: (flags['host-local'] ?? []).map(parseHostLocal) })
}
