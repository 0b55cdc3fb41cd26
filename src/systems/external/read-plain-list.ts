// One CIDR, address or range a line, with a name behind it and comments after `#`.
import { type ExternalSink, nameOr } from './external-reading.ts'

/** A range may have spaces around its dash. */
const ENTRY = /^(\S+(?:\s+-\s+\S+)?)\s*(.*)$/

export function readPlainList(text: string, sink: ExternalSink): void {
  text.split(/\r\n|\n|\r/).forEach((whole, i) => {
    const hash = whole.indexOf('#')
    const entry = ENTRY.exec((hash < 0 ? whole : whole.slice(0, hash)).trim())
    if (entry?.[1] === undefined) return
    const comment = hash < 0 ? undefined : whole.slice(hash + 1)
    sink.network(i + 1, entry[1], { name: nameOr(nameOr(entry[2], comment ?? ''), entry[1]), reachable: true })
  })
}
