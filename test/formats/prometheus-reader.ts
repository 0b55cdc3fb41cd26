// A strict reader of Prometheus' text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const undo = (text: string): string => {
  if (/\\(?![\\n"])|^"|[^\\]"/.test(text.replaceAll('\\\\', ''))) throw new Error(`not escaped: ${text}`)
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  let rest = text
  while (rest !== '') {
    const [all, name = '', value = ''] = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/.exec(rest) ?? []
    if (all === undefined || Object.hasOwn(labels, name) || name.startsWith('__')) throw new Error(`bad labels: ${text}`)
    labels[name] = undo(value)
    rest = rest.slice(all.length)
  }
  return labels
}

/** @throws Error for a line that a scraper would refuse, a series that is there twice, and a metric without help and type before it */
export function readPrometheus(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('no line feed at the end')
  const samples: Sample[] = []
  const [helped, typed, series] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, named = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (?:gauge$|.*\S$)/.exec(line) ?? []
    if (kind !== undefined) {
      const seen = kind === 'HELP' ? helped : typed
      if (seen.has(named)) throw new Error(`${kind} of ${named} twice`)
      seen.add(named)
      continue
    }
    if (line === '') continue
    const [, name = '', labels = '', value = ''] = /^([a-zA-Z_:][\w:]*)\{(.*)\} (\S+)$/.exec(line) ?? [] // a third word would be a timestamp
    if (name === '' || !helped.has(name) || !typed.has(name)) throw new Error(`bad line: ${line}`)
    if (!Number.isFinite(Number(value))) throw new Error(`bad value: ${line}`)
    const key = `${name}${JSON.stringify(Object.entries(readLabels(labels)).sort())}`
    if (series.has(key)) throw new Error(`twice: ${line}`)
    series.add(key)
    samples.push({ name, labels: readLabels(labels), value: Number(value) })
  }
  return samples
}
