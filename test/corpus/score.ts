// Precision and recall over the whole corpus, for each rule and each system.
import { rules } from '../../src/rules/index.ts'
import { type CorpusCase, readCases } from './read-cases.ts'
import { falseAlarms, findingsIn, missed, unexpected } from './run-case.ts'

export interface Score {
  readonly name: string
  /** Expected findings. */
  flagged: number
  found: number
  /** Bundles in which it must say nothing and comes close to speaking. */
  silent: number
  falseAlarms: number
}

export interface CorpusScore {
  readonly rules: readonly Score[]
  readonly systems: readonly Score[]
  readonly cases: number
}

type Table = Map<string, Score>

const scoreOf = (table: Table, name: string): Score => {
  const score = table.get(name) ?? { name, flagged: 0, found: 0, silent: 0, falseAlarms: 0 }
  table.set(name, score)
  return score
}

async function scoreFaulty({ paths, args, faulty, systems }: CorpusCase, byRule: Table, bySystem: Table): Promise<void> {
  if (paths.faulty === undefined || faulty === undefined) return
  const findings = await findingsIn(paths.faulty, args)
  const lost = missed(findings, faulty.findings)
  for (const expected of faulty.findings) {
    for (const score of [scoreOf(byRule, expected.rule), ...systems.map((system) => scoreOf(bySystem, system))]) {
      score.flagged++
      if (!lost.includes(expected)) score.found++
    }
  }
  for (const finding of unexpected(findings, faulty.findings))
    for (const score of [scoreOf(byRule, finding.rule), ...systems.map((system) => scoreOf(bySystem, system))]) score.falseAlarms++
}

async function scoreSilent({ paths, args, silent, systems }: CorpusCase, byRule: Table, bySystem: Table): Promise<void> {
  if (paths.silent === undefined || silent === undefined) return
  for (const rule of silent.not) scoreOf(byRule, rule).silent++
  for (const system of systems) scoreOf(bySystem, system).silent++
  for (const finding of falseAlarms(await findingsIn(paths.silent, args)))
    for (const score of [scoreOf(byRule, finding.rule), ...systems.map((system) => scoreOf(bySystem, system))]) score.falseAlarms++
}

const sorted = (table: Table): readonly Score[] => [...table.values()].sort((a, b) => (a.name < b.name ? -1 : 1))

export async function scoreCorpus(): Promise<CorpusScore> {
  const byRule: Table = new Map()
  const bySystem: Table = new Map()
  for (const { id } of rules) scoreOf(byRule, id)
  const cases = readCases()
  for (const each of cases) {
    await scoreFaulty(each, byRule, bySystem)
    await scoreSilent(each, byRule, bySystem)
  }
  return { rules: sorted(byRule), systems: sorted(bySystem), cases: cases.length }
}

const ratio = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(2))

const row = ({ name, flagged, found, silent, falseAlarms }: Score): string =>
  `| ${name} | ${flagged} | ${silent} | ${ratio(found, found + falseAlarms)} | ${ratio(found, flagged)} |`

const table = (what: string, scores: readonly Score[]): string =>
  [`| ${what} | faults | silent twins | precision | recall |`, '|---|---|---|---|---|', ...scores.map(row)].join('\n')

/** As README shows it. */
export const corpusPage = ({ rules: byRule, systems, cases }: CorpusScore): string =>
  [`${cases} cases.`, table('system', systems), table('rule', byRule)].join('\n\n')
