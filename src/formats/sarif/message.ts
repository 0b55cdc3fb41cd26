// Text in SARIF: braces are placeholders and brackets are links there, which foreign text must not become.
import { safe } from '../safe.ts'

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os.html (3.11.5 and 3.11.6) */
export const messageText = (text: string, max = 1_000): string =>
  safe(text, { max })
    .replace(/[{}]/g, '$&$&')
    .replace(/[\\[\]]/g, '\\$&')
