// Words that the published schemas share, as JSON Schema.

export interface KindSchema {
  /** Below apiVersion, kind and metadata. */
  readonly properties: Readonly<Record<string, object>>
  readonly required?: readonly string[]
}

/** By `group/Kind`; `malformed` names the objects of the faulty fixture that an API server would refuse, as `Kind name`. */
export interface SystemSchemas {
  /** Where the facts were read, for whom they have to be read again. */
  readonly source: string
  readonly kinds: Readonly<Record<string, KindSchema>>
  readonly malformed: readonly string[]
}

export const text = { type: 'string' } as const
export const integer = { type: 'integer' } as const
export const count = { type: 'integer', minimum: 0 } as const
export const flag = { type: 'boolean' } as const
export const family = { type: 'integer', enum: [4, 6] } as const
export const anything = {} as const
export const texts = { type: 'array', items: text } as const
export const list = (items: object) => ({ type: 'array', items })
export const object = (properties: Readonly<Record<string, object>>, required: readonly string[] = []) => ({ type: 'object', properties, required })
export const map = (values: object) => ({ type: 'object', additionalProperties: values })

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const V4 = `(${OCTET}\\.){3}${OCTET}`
const V6 = '[0-9a-fA-F:]*:[0-9a-fA-F:.]*'
/** Where a schema asks for a format or pattern of an address or network. */
export const address = { type: 'string', pattern: `^(${V4}|${V6})$` } as const
export const cidr = { type: 'string', pattern: `^(${V4}/(3[0-2]|[12]?\\d)|${V6}/\\d{1,3})$` } as const
