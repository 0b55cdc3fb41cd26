// What is used of @kubernetes/client-node; named here and not in import(), so that the bundler can leave out its 12 MB of generated API.
export { KubeConfig } from '@kubernetes/client-node'
