// Values of the flags about a cluster that need more than one look.
import { UsageError } from '../model/errors.ts'

/** `KEY=VALUE`; a key may come more than once. @throws UsageError that does not repeat the value */
export function extraOf(pairs: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const extra = new Map<string, string[]>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new UsageError('--as-user-extra is not KEY=VALUE')
    const key = pair.slice(0, equals)
    extra.set(key, [...(extra.get(key) ?? []), pair.slice(equals + 1)])
  }
  return extra
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
export function isSelector(text: string): boolean {
  const key = String.raw`[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?`
  const value = String.raw`[\w.-]*`
  const one = String.raw`(?:!\s*${key}|${key}(?:\s*(?:==?|!=)\s*${value}|\s*[<>]\s*\d+|\s+(?:not)?in\s*\(\s*${value}(?:\s*,\s*${value})*\s*\))?)`
  return text.length <= 4096 && new RegExp(String.raw`^\s*${one}(?:\s*,\s*${one})*\s*$`).test(text)
}
