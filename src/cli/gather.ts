// Joins small pieces of text into ones that are worth a system call.

const enough = 65_536

/** The same text in pieces of about 64 KB. */
export function* gather(pieces: Iterable<string>): Iterable<string> {
  let buffer = ''
  for (const piece of pieces) {
    buffer += piece
    if (buffer.length < enough) continue
    yield buffer
    buffer = ''
  }
  if (buffer !== '') yield buffer
}
