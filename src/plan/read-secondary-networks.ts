// Reads the networks of further interfaces of pods.
import type { SecondaryNetwork } from './plan-request.ts'
import { readName } from './read-node-list.ts'
import { quote, readCidr, readRange, readSurge, readTexts } from './read-values.ts'
import { RequestFault } from './request-fault.ts'
import type { RequestInput } from './request-schema.ts'

/** @throws RequestFault */
export function readSecondaryNetworks(
  input: RequestInput['secondaryNetworks'] = [],
  options: { readonly normalize: boolean },
): readonly SecondaryNetwork[] {
  const names = input.map(({ name }) => name)
  return input.map(({ name, cidr, type, ipam, addresses, surge, exclude }, index) => {
    const path = ['secondaryNetworks', index]
    if (names.indexOf(name) < index) throw new RequestFault([...path, 'name'], `${quote(name)} is there twice`)
    return {
      name: readName(name, [...path, 'name']),
      cidr: readCidr({ value: cidr, path: [...path, 'cidr'] }, options.normalize),
      type,
      ipam,
      addresses,
      surge: surge === undefined ? undefined : readSurge(surge, [...path, 'surge']),
      excluded: readTexts(exclude, [...path, 'exclude']).map((text) => readRange(text, options.normalize)),
    }
  })
}
