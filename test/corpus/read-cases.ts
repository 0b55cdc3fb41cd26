// The corpus: one small bundle per known incident, and beside it the look-alike that must stay silent (fixtures/corpus/<number>-<slug>/).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { parse } from 'yaml'
import { severities } from '../../src/model/finding.ts'

const root = new URL('../../fixtures/corpus', import.meta.url).pathname

const texts = v.optional(v.array(v.string()), [])
const rule = v.pipe(v.string(), v.regex(/^[A-Z]{2,4}-\d{3}$/))

const caseFile = v.strictObject({
  title: v.pipe(v.string(), v.minLength(10)),
  incidents: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(88))), []),
  traps: v.optional(v.array(v.pipe(v.string(), v.regex(/^T([1-9]|1\d|2[0-7])$/))), []),
  systems: v.pipe(v.array(v.string()), v.minLength(1)),
  args: v.optional(v.array(v.union([v.string(), v.date()])), []),
  faulty: v.optional(
    v.strictObject({
      why: v.optional(v.string()),
      findings: v.pipe(
        v.array(v.strictObject({ rule, severity: v.optional(v.picklist(severities)), addresses: texts, nodes: texts, owners: texts })),
        v.minLength(1),
      ),
    }),
  ),
  silent: v.optional(v.strictObject({ why: v.pipe(v.string(), v.minLength(10)), not: v.pipe(v.array(rule), v.minLength(1)) })),
  notVisible: v.optional(v.string()),
})

export type CaseFile = v.InferOutput<typeof caseFile>
export type Expected = NonNullable<CaseFile['faulty']>['findings'][number]

export interface CorpusCase extends CaseFile {
  readonly name: string
  /** What `--from` gets; undefined where the case has no such side. */
  readonly paths: { readonly faulty: string | undefined; readonly silent: string | undefined }
}

/** A bundle folder, or one file of objects. */
function inputOf(name: string, side: 'faulty' | 'silent'): string | undefined {
  return [join(root, name, side), join(root, name, `${side}.yaml`), join(root, name, `${side}.json`)].find((path) => existsSync(path))
}

/** @throws Error naming the case whose case.yaml is not as it has to be, or does not fit its bundles */
function readCase(name: string): CorpusCase {
  const parsed = v.safeParse(caseFile, parse(readFileSync(join(root, name, 'case.yaml'), 'utf8')))
  if (!parsed.success)
    throw new Error(`fixtures/corpus/${name}/case.yaml: ${v.flatten(parsed.issues).root ?? JSON.stringify(v.flatten(parsed.issues).nested)}`)
  const paths = { faulty: inputOf(name, 'faulty'), silent: inputOf(name, 'silent') }
  for (const side of ['faulty', 'silent'] as const) {
    if ((paths[side] === undefined) !== (parsed.output[side] === undefined))
      throw new Error(`fixtures/corpus/${name}: case.yaml and the bundle do not agree on whether there is a ${side} side`)
  }
  if (paths.faulty === undefined && paths.silent === undefined && parsed.output.notVisible === undefined)
    throw new Error(`fixtures/corpus/${name} has no bundle, and case.yaml does not say why (notVisible)`)
  return { name, paths, ...parsed.output }
}

/** In the order of their names. @throws Error for a case that is not well-formed */
export const readCases = (): readonly CorpusCase[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map(readCase)
