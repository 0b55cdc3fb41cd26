// The one error that parsing text in this folder throws.

/** Text that is not an address, CIDR or range. `message` is "what is wrong, and what to write", without the input; `suggestion` is what was probably meant. */
export class NetSyntaxError extends Error {
  override readonly name = 'NetSyntaxError'
  readonly input: string
  readonly reason: string
  readonly suggestion: string | undefined

  constructor(input: string, reason: string, suggestion?: string) {
    super(suggestion === undefined ? reason : `${reason}; write ${suggestion}`)
    this.input = input
    this.reason = reason
    this.suggestion = suggestion
  }
}
