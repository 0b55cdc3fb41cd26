// Everything that other folders may use of the address arithmetic.
export * from './address.ts'
export * from './blocks.ts'
export * from './cidr.ts'
export * from './lenient.ts'
export * from './overlaps.ts'
export * from './range.ts'
export * from './range-set.ts'
export * from './syntax-error.ts'
