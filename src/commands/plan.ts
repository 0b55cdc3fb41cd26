import { Command, Flags } from '@oclif/core'

export default class Plan extends Command {
  static override summary = 'Split pools'
  static override flags = { x: Flags.string() }
  async run(): Promise<void> {
    await this.parse(Plan)
    this.log('hi')
  }
}
