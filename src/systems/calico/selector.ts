// Calico's selectors over labels of nodes, as far as pools use them: which nodes may claim blocks of a pool.
// Grammar: https://docs.tigera.io/calico/latest/reference/resources/ippool#selector-syntax

export type Labels = Readonly<Record<string, unknown>>
export type Selector = (labels: Labels) => boolean

const TOKEN = /\s*(?:(\|\||&&|==|!=|[(){},!])|"([^"]*)"|'([^']*)'|([\w./-]+))/y

interface Token {
  readonly kind: 'sign' | 'text' | 'word'
  readonly text: string
}

function tokensOf(source: string): Token[] | undefined {
  const tokens: Token[] = []
  const end = source.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(source)
    if (found === null) return undefined
    const [, sign, double, single, word] = found
    tokens.push(
      sign !== undefined
        ? { kind: 'sign', text: sign }
        : word !== undefined
          ? { kind: 'word', text: word }
          : { kind: 'text', text: double ?? single ?? '' },
    )
  }
  return tokens
}

class SelectorError extends Error {}

/** Undefined for what cannot be read: which nodes are meant is then not known. */
export function parseSelector(source: string): Selector | undefined {
  const tokens = tokensOf(source)
  if (tokens === undefined) return undefined
  if (tokens.length === 0) return () => true
  let at = 0
  const peek = (text: string): boolean => tokens[at]?.kind !== 'text' && tokens[at]?.text === text
  const take = (text: string): boolean => {
    const found = peek(text)
    if (found) at++
    return found
  }
  const need = (text: string): void => {
    if (!take(text)) throw new SelectorError(`${text} is missing`)
  }
  const next = (kind: Token['kind']): string => {
    const token = tokens[at++]
    if (token?.kind !== kind) throw new SelectorError(`a ${kind} is missing`)
    return token.text
  }

  function either(): Selector {
    const parts = [both()]
    while (take('||')) parts.push(both())
    return (labels) => parts.some((part) => part(labels))
  }
  function both(): Selector {
    const parts = [one()]
    while (take('&&')) parts.push(one())
    return (labels) => parts.every((part) => part(labels))
  }
  function one(): Selector {
    if (take('!')) {
      const inner = one()
      return (labels) => !inner(labels)
    }
    if (take('(')) {
      const inner = either()
      need(')')
      return inner
    }
    const key = next('word')
    if (take('(')) return call(key)
    return comparison(key)
  }
  function call(name: string): Selector {
    if (name === 'all' || name === 'global') {
      need(')')
      return () => name === 'all'
    }
    if (name !== 'has') throw new SelectorError(`${name}() is not known`)
    const key = next('word')
    need(')')
    return (labels) => typeof labels[key] === 'string'
  }
  function comparison(key: string): Selector {
    const value = (labels: Labels): string | undefined => (typeof labels[key] === 'string' ? labels[key] : undefined)
    if (take('==')) return equals(next('text'))
    if (take('!=')) {
      const inner = equals(next('text'))
      return (labels) => !inner(labels)
    }
    if (take('contains')) return matching((text, part) => text.includes(part), next('text'))
    if (take('starts')) {
      need('with')
      return matching((text, part) => text.startsWith(part), next('text'))
    }
    if (take('ends')) {
      need('with')
      return matching((text, part) => text.endsWith(part), next('text'))
    }
    const negated = take('not')
    need('in')
    need('{')
    const set = new Set<string>()
    while (!peek('}')) {
      set.add(next('text'))
      if (!take(',')) break
    }
    need('}')
    return (labels) => set.has(value(labels) ?? '\0') !== negated

    function equals(wanted: string): Selector {
      return (labels) => value(labels) === wanted
    }
    function matching(test: (text: string, part: string) => boolean, part: string): Selector {
      return (labels) => {
        const text = value(labels)
        return text !== undefined && test(text, part)
      }
    }
  }

  try {
    const selector = either()
    return at === tokens.length ? selector : undefined
  } catch (cause) {
    if (cause instanceof SelectorError) return undefined
    throw cause
  }
}
