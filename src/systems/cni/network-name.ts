// CNI's rule for network names; a name is also a directory name, so nothing else may reach a path.

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

/** True when libcni accepts the name (`pkg/utils/utils.go`, since cni v0.8.0). The length bound is the file system's. */
export const isNetworkName = (name: string): boolean => name.length <= 255 && NAME.test(name)
