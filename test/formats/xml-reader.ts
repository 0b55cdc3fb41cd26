// A strict reader of the XML that the program writes: elements, attributes, text and CDATA, nothing else. It throws for what is not well-formed.

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#xD': '\r', '#xA': '\n', '#x9': '\t' }

function decode(text: string): string {
  if (/[<]|&(?!(?:amp|lt|gt|quot|#39|#xD|#xA|#x9);)/.test(text)) throw new Error(`a bare < or & in ${JSON.stringify(text)}`)
  return text.replace(/&([^;]+);/g, (_, name: string) => entities[name] ?? '')
}

export function readXml(xml: string): Element {
  // https://www.w3.org/TR/xml/#charsets
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml)) throw new Error('a character that XML does not allow')
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open: Element[] = [root]
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, '')
  while (rest !== '') {
    const here = open.at(-1) as Element
    const [all, cdata, end, name, attributes, isEmpty, text] =
      /^(?:<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+))/.exec(rest) ?? []
    if (all === undefined) throw new Error(`not XML: ${rest.slice(0, 80)}`)
    rest = rest.slice(all.length)
    if (cdata !== undefined) here.text += cdata
    else if (text !== undefined) here.text += decode(text)
    else if (end !== undefined) {
      if (open.pop()?.name !== end) throw new Error(`</${end}> closes nothing`)
    } else {
      const pairs = [...(attributes ?? '').matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, decode(value)] as const)
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`an attribute twice: ${all}`)
      const element: Element = { name: name ?? '', attributes: Object.fromEntries(pairs), children: [], text: '' }
      here.children.push(element)
      if (isEmpty === '') open.push(element)
    }
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '') throw new Error('not one document')
  return root.children[0] as Element
}
