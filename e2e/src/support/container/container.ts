/** What a container sees of a file system that is not its image's. */
export interface Mount {
  /** A path of this machine; a file system in memory unless given. */
  readonly source?: string
  readonly target: string
  readonly isReadOnly?: boolean
}

export interface ContainerOptions {
  /** The image's files. */
  readonly root: string
  /** What the base image brings in `/usr/local`; the rest of `/usr` is this machine's. */
  readonly usrLocal: string
  readonly mounts: readonly Mount[]
  readonly isReadOnly: boolean
  /** `UID:GID`, with no rights at all; root where it builds an image. */
  readonly user: string | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly directory: string
  /** Where this machine lets anybody have so many. */
  readonly openFiles?: number | undefined
  /** A process whose network it shares; that of this machine unless given. */
  readonly networkOf?: number | undefined
}

/** Who is not root here may be the root of a namespace, but nobody else in it. */
export const isRoot: boolean = process.getuid?.() === 0
const asRoot = isRoot ? [] : ['--user', '--map-root-user']

/** Runs a command, such as one that waits, in a network of its own that has no way out. */
export const networkCommand = (command: string): readonly string[] => [
  'unshare',
  ...asRoot,
  '--net',
  '--',
  'sh',
  '-ec',
  `ip link set lo up; ${command}`,
]

/**
 * The command line that runs a command as a container engine would: in its own file system and nobody else's, without rights, with no environment but
 * its own, and where root runs it, as its own user. It stays one process, so that signals reach the command itself.
 */
export function containerCommand(command: readonly string[], options: ContainerOptions): readonly string[] {
  const { networkOf, openFiles } = options
  const enter =
    networkOf === undefined
      ? []
      : ['nsenter', '--target', String(networkOf), ...(isRoot ? [] : ['--user', '--preserve-credentials']), '--net', '--']
  const limit = openFiles === undefined ? [] : [limitLine(openFiles)]
  const script = [...limit, ...mountLines(options), `exec ${startLine(options)} "$@"`].join('\n')
  const own = networkOf === undefined ? asRoot : []
  return [...enter, 'unshare', ...own, '--mount', '--', 'sh', '-ec', script, 'sh', ...command]
}

const limitLine = (openFiles: number): string =>
  `[ "$(ulimit -Hn)" != unlimited ] && [ "$(ulimit -Hn)" -lt ${openFiles} ] || ulimit -n ${openFiles}`

function mountLines({ root, usrLocal, mounts, isReadOnly }: ContainerOptions): readonly string[] {
  const own = mounts.flatMap(({ source, target, isReadOnly = false }) =>
    source === undefined
      ? [`mount -t tmpfs -o mode=1777 tmpfs ${root}${target}`]
      : [`mount --rbind ${source} ${root}${target}`, ...(isReadOnly ? [`mount -o remount,bind,ro ${root}${target}`] : [])],
  )
  return [
    `mount --rbind ${root} ${root}`,
    `mount --rbind /usr ${root}/usr`,
    `mount --rbind ${usrLocal} ${root}/usr/local`,
    `mount --rbind /dev ${root}/dev`,
    `mount --rbind /proc ${root}/proc`,
    ...own,
    ...(isReadOnly ? [`mount -o remount,bind,ro ${root}`, `mount -o remount,bind,ro ${root}/usr`] : []),
  ]
}

function startLine({ root, user, environment, directory }: ContainerOptions): string {
  const variables = Object.entries(environment).map(([name, value]) => quoted(`${name}=${value}`))
  return [
    `chroot ${root}`,
    ...(user === undefined ? [] : [dropLine(user)]),
    `env -i ${variables.join(' ')}`,
    `sh -c 'cd "$0" && exec "$@"' ${quoted(directory)}`,
  ].join(' ')
}

function dropLine(user: string): string {
  const [uid, gid] = user.split(':')
  const change = isRoot ? `--reuid ${uid} --regid ${gid} --clear-groups ` : ''
  return `setpriv ${change}--no-new-privs --inh-caps=-all --bounding-set=-all`
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
