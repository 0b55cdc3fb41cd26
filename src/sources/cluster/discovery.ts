// Asks which of the wanted kinds the server has, and in which version: short names and versions are never guessed.
import { StartError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { RequestFailure } from './request-failure.ts'
import { type Resource, splitKind } from './resource.ts'

export interface Discovery {
  /** By `group/Kind`. */
  readonly found: ReadonlyMap<string, Resource>
  /** Groups that are there but could not be asked: an aggregated API server that is down. By group, with the reason. */
  readonly failed: ReadonlyMap<string, string>
}

const AGGREGATED = ['v2', 'v2beta1'].map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
const ACCEPT = [...AGGREGATED, 'application/json'].join(',')

const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** @throws StartError when the server cannot be reached, refuses, or is no Kubernetes API server */
export async function discover(client: Client, kinds: readonly string[]): Promise<Discovery> {
  const wanted = new Map<string, Set<string>>()
  for (const name of kinds) {
    const { group, kind } = splitKind(name)
    wanted.set(group, (wanted.get(group) ?? new Set()).add(kind))
  }
  const found = new Map<string, Resource>()
  const failed = new Map<string, string>()
  const take = (resource: Resource) => {
    const key = `${resource.group}/${resource.kind}`
    if (wanted.get(resource.group)?.has(resource.kind) && !found.has(key)) found.set(key, resource)
  }
  const core = await client.getJson('/api', ACCEPT)
  if (isAggregated(core)) takeAggregated(core, take, failed)
  else await takeVersions(client, '', versionsOf(core, 'APIVersions'), take)
  if (!found.has('/Pod') && wanted.get('')?.has('Pod'))
    throw new StartError('the server does not offer pods: it is no Kubernetes API server, or its address is wrong')

  const groups = await client.getJson('/apis', ACCEPT)
  if (isAggregated(groups)) takeAggregated(groups, take, failed)
  else {
    if (!isJsonObject(groups) || groups['kind'] !== 'APIGroupList' || !Array.isArray(groups['groups']))
      throw new StartError('the server does not answer as a Kubernetes API server does: /apis gave no list of groups; is the address right?')
    for (const group of list(groups['groups'])) {
      const name = text(group['name'])
      if (!wanted.has(name)) continue
      const preferred = isJsonObject(group['preferredVersion']) ? text(group['preferredVersion']['version']) : ''
      const versions = [preferred, ...list(group['versions']).map((version) => text(version['version']))].filter((version) => version !== '')
      await takeVersions(client, name, [...new Set(versions)], take).catch((cause: unknown) => {
        if (!(cause instanceof RequestFailure)) throw cause
        failed.set(name, cause.message)
      })
    }
  }
  for (const group of failed.keys()) if (!wanted.has(group)) failed.delete(group)
  return { found, failed }
}

const isAggregated = (value: unknown): value is JsonObject => isJsonObject(value) && value['kind'] === 'APIGroupDiscoveryList'

function takeAggregated(value: JsonObject, take: (resource: Resource) => void, failed: Map<string, string>): void {
  for (const group of list(value['items'])) {
    const name = isJsonObject(group['metadata']) ? text(group['metadata']['name']) : ''
    for (const version of list(group['versions'])) {
      if (version['freshness'] === 'Stale') failed.set(name, `the server behind ${name}/${text(version['version'])} does not answer`)
      for (const resource of list(version['resources'])) {
        const kind = isJsonObject(resource['responseKind']) ? text(resource['responseKind']['kind']) : ''
        if (!canList(resource)) continue
        take({
          group: name,
          version: text(version['version']),
          kind,
          plural: text(resource['resource']),
          namespaced: resource['scope'] === 'Namespaced',
        })
      }
    }
  }
}

const canList = (resource: JsonObject): boolean => Array.isArray(resource['verbs']) && resource['verbs'].includes('list')

/** @throws StartError */
function versionsOf(value: unknown, kind: string): readonly string[] {
  if (isJsonObject(value) && value['kind'] === kind && Array.isArray(value['versions'])) return value['versions'].map(text)
  throw new StartError('the server does not answer as a Kubernetes API server does: /api gave no list of versions; is the address right?')
}

async function takeVersions(client: Client, group: string, versions: readonly string[], take: (resource: Resource) => void): Promise<void> {
  for (const version of versions) {
    const answer = await client.getJson(group === '' ? `/api/${version}` : `/apis/${group}/${version}`)
    if (!isJsonObject(answer) || answer['kind'] !== 'APIResourceList')
      throw new RequestFailure(`no list of resources came for ${group || 'core'}/${version}`)
    for (const resource of list(answer['resources'])) {
      const plural = text(resource['name'])
      if (plural.includes('/') || !canList(resource)) continue
      take({ group, version, kind: text(resource['kind']), plural, namespaced: resource['namespaced'] === true })
    }
  }
}
