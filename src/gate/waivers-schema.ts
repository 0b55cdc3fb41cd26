// What a waiver file may hold; schemas/waivers.json is made from it. Loaded only when such a file is given.
import * as v from 'valibot'
import { isDay } from './day.ts'
import { isOnlyWild } from './glob.ts'

const described = <T extends v.GenericSchema>(schema: T, description: string) => v.pipe(schema, v.description(description))

/** Names in Kubernetes have 253 letters at most; an owner has two of them. */
const longest = 512
const textNoun = 'text, in quotes where YAML would read a number'
const text = v.pipe(v.string(textNoun), v.minLength(1, 'text that is not empty'), v.maxLength(longest, `text of at most ${longest} letters`))

/** One value, or several of which one must fit. */
const anyOf = <T extends v.GenericSchema>(one: T, noun: string) => v.union([one, v.pipe(v.array(one), v.minLength(1, noun))], noun)

const nameNoun = 'a name, or a pattern of more than wildcards (* and ?)'
const name = v.pipe(
  text,
  v.check((pattern) => !isOnlyWild(pattern), nameNoun),
)
const printNoun = 'a fingerprint as reports have it: 32 digits of 0-9 and a-f'
const fingerprint = v.pipe(v.string(printNoun), v.regex(/^[0-9a-f]{32}$/, printNoun))
const dayNoun = 'a day like 2026-12-01'
const day = v.pipe(v.string(dayNoun), v.check(isDay, dayNoun))
const reasonNoun = 'a sentence that says why'
const reason = v.pipe(
  v.string(reasonNoun),
  v.check((sentence) => sentence.trim() !== '', reasonNoun),
)

/** What narrows a waiver down; with `cluster` alone a whole rule would be off. */
const subjects = {
  address: v.exactOptional(
    described(
      anyOf(text, 'an address, a CIDR or first-last, or a list of them'),
      'Every address of the finding lies in one of these: address, CIDR or first-last.',
    ),
  ),
  pool: v.exactOptional(described(anyOf(name, nameNoun), 'Every address of the finding lies in a pool of this name, or system/name.')),
  node: v.exactOptional(described(anyOf(name, nameNoun), 'Every node of the finding has one of these names.')),
  namespace: v.exactOptional(described(anyOf(name, nameNoun), 'Every owner of the finding is in one of these namespaces.')),
  owner: v.exactOptional(
    described(anyOf(name, nameNoun), 'Every owner of the finding is one of these: namespace/name, or the id that the report shows.'),
  ),
  fingerprint: v.exactOptional(described(anyOf(fingerprint, printNoun), 'The fingerprint that the report shows.')),
}

export const subjectKeys = Object.keys(subjects) as readonly (keyof typeof subjects)[]

const waiver = v.strictObject({
  rule: described(text, 'Id or name of the rule: LEAK-201, stale-allocation-file.'),
  ...subjects,
  cluster: v.exactOptional(described(anyOf(name, nameNoun), 'Only in these clusters: context or bundle name.')),
  reason: described(reason, 'Why the finding is accepted; it is shown in reports.'),
  until: v.exactOptional(described(day, 'Last day on which it holds, to 24:00 UTC; without it, it never ends.')),
  approvedBy: v.exactOptional(described(text, 'Who has agreed to it.')),
})

export const waiversSchema = v.strictObject({
  apiVersion: v.exactOptional(v.literal('ipam/v1', '"ipam/v1"')),
  kind: v.exactOptional(v.literal('Waivers', '"Waivers"')),
  waivers: described(v.array(waiver, 'a list of waivers'), 'Each names a rule, what of it is accepted, and why.'),
})

export const waiverKeys: readonly string[] = [...Object.keys(waiversSchema.entries), ...Object.keys(waiver.entries)]

/** What other programs call these keys. */
export const foreignKeys: Readonly<Record<string, string>> = {
  id: 'rule',
  statement: 'reason',
  justification: 'reason',
  comment: 'reason',
  expired_at: 'until',
  expires: 'until',
  expiry: 'until',
  pod: 'owner',
  service: 'owner',
  ip: 'address',
  cidr: 'address',
  range: 'address',
}

export type WaiverInput = v.InferOutput<typeof waiver>
