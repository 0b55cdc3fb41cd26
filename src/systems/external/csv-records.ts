// CSV text -> records with the line that each begins on (RFC 4180: quotes around a cell, doubled inside it, line breaks within quotes).

export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

export interface CsvText {
  readonly records: readonly CsvRecord[]
  /** What RFC 4180 does not allow, where reading ended. */
  readonly fault: { readonly line: number; readonly message: string } | undefined
}

/** @param separator `,`, or `;` and tab as spreadsheets write them. Empty lines are no records. */
export function readCsv(text: string, separator: string): CsvText {
  const records: CsvRecord[] = []
  let cells: string[] = []
  let line = 1
  let start = 1
  let at = 0
  const close = (): void => {
    if (cells.length > 1 || (cells[0] ?? '').trim() !== '') records.push({ line: start, cells })
    cells = []
    start = line
  }
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      const opened = line
      at++
      for (;;) {
        const quote = text.indexOf('"', at)
        if (quote < 0) return { records, fault: { line: opened, message: 'a quoted cell begins here and never ends' } }
        const part = text.slice(at, quote)
        cell += part
        line += part.split('\n').length - 1
        at = quote + 1
        if (text[at] !== '"') break
        cell += '"'
        at++
      }
      if (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r')
        return { records, fault: { line, message: 'there is text after the quote that ends a cell; double the quotes inside a cell' } }
    } else {
      const from = at
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
      cell = text.slice(from, at)
    }
    cells.push(cell)
    if (text[at] === separator) {
      at++
      if (at === text.length || text[at] === '\n' || text[at] === '\r') cells.push('')
      else continue
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    at++
    line++
    close()
  }
  return { records, fault: undefined }
}
