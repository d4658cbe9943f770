import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Copy, DockerfileParser, Env, From, type Instruction } from 'dockerfile-ast'
import { root as workspace } from '../programs.ts'
import { copyContext } from './build-context.ts'
import { containerCommand, isRoot, type Mount } from './container.ts'

/** What is left of a Dockerfile once it was carried out. */
export interface Image {
  readonly root: string
  /** What of it lies elsewhere on this machine. */
  readonly mounts: readonly Mount[]
  readonly usrLocal: string
  environment: Record<string, string>
  directory: string
  user: string | undefined
}

/**
 * Carries out a Dockerfile without a container engine: its stages and steps, in directories. Of the base image, `/usr` is this machine's, and `/usr/local` holds
 * the pinned Node and this machine's npm.
 * @param into an empty directory.
 * @param installed a workspace whose installed packages take the place of those that `npm ci` would install, which takes its time.
 * @throws Error with the step that failed, or that is unknown here.
 */
export function buildImage(dockerfile: string, into: string, installed?: string): Image {
  const context = join(into, 'context')
  copyContext(workspace.replace(/\/$/, ''), `${dockerfile}.dockerignore`, context)
  const usrLocal = createUsrLocal(join(into, 'usr-local'))
  const stages = new Map<string, Image>()
  let image: Image | undefined
  for (const instruction of DockerfileParser.parse(readFileSync(dockerfile, 'utf8')).getInstructions()) {
    if (instruction instanceof From) {
      const name = instruction.getBuildStage() ?? 'last'
      image = startStage(instruction, join(into, name), usrLocal, stages)
      stages.set(name, image)
    } else if (image !== undefined) carryOut(instruction, image, { context, stages, installed })
  }
  if (image === undefined) throw new Error(`${dockerfile} has no stage`)
  return installed === undefined ? image : { ...image, mounts: [packagesOf(installed)] }
}

const packagesOf = (installed: string): Mount => ({
  source: join(installed, 'node_modules'),
  target: '/squall/node_modules',
  isReadOnly: true,
})

/** A file system with nothing in it but what every Debian has. */
export function createBareImage(root: string, usrLocal: string): Image {
  for (const directory of ['dev', 'etc', 'proc', 'root', 'tmp', 'usr']) mkdirSync(join(root, directory), { recursive: true })
  for (const directory of ['bin', 'sbin', 'lib', 'lib64'])
    if (existsSync(`/${directory}`) && lstatSync(`/${directory}`).isSymbolicLink())
      symlinkSync(readlinkSync(`/${directory}`), join(root, directory))
  for (const file of ['nsswitch.conf', 'resolv.conf', 'ssl/certs', 'ld.so.cache', 'alternatives'])
    if (existsSync(`/etc/${file}`)) copyTree(realpathSync(`/etc/${file}`), join(root, 'etc', file))
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n')
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' }
  return { root, usrLocal, environment, mounts: [], directory: '/', user: undefined }
}

function createUsrLocal(directory: string): string {
  mkdirSync(join(directory, 'bin'), { recursive: true })
  copyTree(join(workspace, 'node_modules/node/bin/node'), join(directory, 'bin/node'))
  const npm = realpathSync(spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim())
  copyTree(dirname(dirname(npm)), join(directory, 'lib/node_modules/npm'))
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(directory, 'bin/npm'))
  // In a namespace with one user alone there is nobody else to give a file to.
  if (!isRoot) {
    writeFileSync(join(directory, 'bin/chown'), '#!/bin/sh\n')
    chmodSync(join(directory, 'bin/chown'), 0o755)
  }
  return directory
}

function startStage(from: From, root: string, usrLocal: string, stages: ReadonlyMap<string, Image>): Image {
  const base = stages.get(from.getImage() ?? '')
  if (base === undefined) return createBareImage(root, usrLocal)
  copyTree(base.root, root)
  return { ...base, environment: { ...base.environment }, root }
}

interface Build {
  readonly context: string
  readonly stages: ReadonlyMap<string, Image>
  readonly installed: string | undefined
}

function carryOut(instruction: Instruction, image: Image, build: Build): void {
  const text = instruction.getArgumentsContent() ?? ''
  if (instruction instanceof Copy) return copy(instruction, image, build)
  if (instruction instanceof Env) return setVariables(instruction, image)
  switch (instruction.getKeyword()) {
    case 'RUN':
      return build.installed !== undefined && text.startsWith('npm ci ') ? putIn(build.installed, image) : run(text, image)
    case 'WORKDIR':
      image.directory = text
      mkdirSync(join(image.root, text), { recursive: true })
      return
    case 'USER':
      image.user = text
      return
    case 'CMD':
    case 'ENTRYPOINT':
    case 'VOLUME':
      return
    default:
      throw new Error(`not known here: ${instruction.getKeyword()} ${text}`)
  }
}

function setVariables(instruction: Env, image: Image): void {
  for (const property of instruction.getProperties()) {
    const value = (property.getValue() ?? '').replaceAll(/\$(\w+)/g, (_, name: string) => image.environment[name] ?? '')
    image.environment[property.getName()] = value
  }
}

function copy(instruction: Copy, { root, directory }: Image, { context, stages }: Build): void {
  const from = instruction
    .getFlags()
    .find((flag) => flag.getName() === 'from')
    ?.getValue()
  const source = from ? stages.get(from)?.root : context
  if (source === undefined) throw new Error(`there is no stage ${from}`)
  const paths = instruction.getArguments().map((argument) => argument.getValue())
  const target = paths.pop() ?? ''
  const to = join(root, resolve(directory, target))
  for (const path of paths) {
    // A folder's content is copied, a file by its name where several are.
    const isFolder = statSync(join(source, path)).isDirectory()
    copyTree(join(source, path), isFolder || !target.endsWith('/') ? to : join(to, path))
  }
}

/** The packages that belong to one workspace package alone; all others are mounted. */
function putIn(installed: string, { root, directory }: Image): void {
  mkdirSync(join(root, directory, 'node_modules'))
  for (const path of globSync('{apps,libs}/*/node_modules', { cwd: installed }))
    copyTree(join(installed, path), join(root, directory, path))
}

const npmSetting = (name: string): string => spawnSync('npm', ['config', 'get', name], { encoding: 'utf8' }).stdout.trim()

/** `npm` finds the same registry and the same packages that it has fetched before as it does outside. */
function run(text: string, image: Image): void {
  const { NODE_EXTRA_CA_CERTS } = process.env
  const environment = {
    ...image.environment,
    HOME: '/root',
    npm_config_registry: npmSetting('registry'),
    npm_config_cache: '/npm-cache',
    npm_config_prefer_offline: 'true',
    ...(NODE_EXTRA_CA_CERTS !== undefined && { NODE_EXTRA_CA_CERTS }),
  }
  const cache = npmSetting('cache')
  mkdirSync(cache, { recursive: true })
  mkdirSync(join(image.root, 'npm-cache'), { recursive: true })
  const mounts = [...image.mounts, { target: '/tmp' }, { source: cache, target: '/npm-cache' }]
  const options = { ...image, user: undefined, environment, mounts, isReadOnly: false }
  const [command = '', ...args] = containerCommand(['/bin/sh', '-c', text], options)
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`RUN ${text}\n${stdout}${stderr}`)
}

/** A folder into another one, or a file to its new name, with owners and links as they are. */
function copyTree(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  const { status, stderr } = spawnSync('cp', ['-a', '-T', from, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${from} was not copied: ${stderr}`)
}
