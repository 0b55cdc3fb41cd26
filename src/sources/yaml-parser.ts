// What is used of yaml; named here and not in import(): the bundler gives an imported CommonJS package no named exports.
export { parseAllDocuments } from 'yaml'
