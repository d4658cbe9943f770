import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readYaml } from '../deploy-files.ts'
import { parseEnvironment } from '../environment-file.ts'
import { start, type Ended, type Started } from '../programs.ts'
import { containerCommand, isRoot, networkCommand, type ContainerOptions, type Mount } from './container.ts'
import type { Image } from './image.ts'

export interface Service {
  readonly image: string
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly user?: string
  readonly volumes?: readonly string[]
  readonly tmpfs?: readonly string[]
  readonly ulimits?: { readonly nofile: { readonly soft: number } }
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly deploy?: { readonly replicas?: number }
}

export interface ProjectOptions {
  readonly file: string
  /** Where volumes and what else it needs may be kept. */
  readonly scratch: string
  /** By the names that services call them; each with a file system of its own. */
  readonly images: Readonly<Record<string, Image>>
}

const longestWaitMs = 60_000

/** Does with a compose file what compose does, as far as `compose.yml` needs it: one network without a way out, names, volumes, health, replicas. */
export class ComposeProject implements AsyncDisposable {
  readonly services: Readonly<Record<string, Service>>
  readonly #options: ProjectOptions
  readonly #network: ChildProcess
  readonly #started: Started[] = []

  private constructor(options: ProjectOptions, services: Readonly<Record<string, Service>>, network: ChildProcess) {
    this.#options = options
    this.services = services
    this.#network = network
  }

  static async open(options: ProjectOptions): Promise<ComposeProject> {
    const variables = parseEnvironment(readFileSync(join(dirname(options.file), '.env'), 'utf8'))
    // Checked against the specification by a test of its own.
    const { services } = interpolate(readYaml(options.file), variables) as { services: Record<string, Service> }
    const hosts = Object.keys(services).map((name) => `127.0.0.1 ${name}\n`)
    for (const { root } of Object.values(options.images))
      writeFileSync(join(root, 'etc/hosts'), `127.0.0.1 localhost\n${hosts.join('')}`)
    const [unshare = '', ...args] = networkCommand('echo up; exec sleep 600')
    const network = spawn(unshare, args)
    await once(network.stdout, 'data')
    return new ComposeProject(options, services, network)
  }

  /** Starts all replicas of a service, after what it depends on is healthy. */
  async up(name: string): Promise<readonly Started[]> {
    const service = this.#service(name)
    for (const needed of Object.keys(service.depends_on ?? {})) await this.#healthy(needed)
    return Array.from({ length: service.deploy?.replicas ?? 1 }, () => this.#start(service))
  }

  /** Runs a command to its end where a service runs. */
  async execute(name: string, words: readonly string[]): Promise<Ended> {
    const [command = '', ...args] = containerCommand(words, this.#container(this.#service(name)))
    return start(command, args).ended
  }

  /** Waits until a service that was started says that it is well. */
  healthy(name: string): Promise<void> {
    return this.#healthy(name)
  }

  /** A named volume's files. */
  volume(name: string): string {
    return join(this.#options.scratch, 'volumes', name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const started of this.#started) started.kill('SIGKILL')
    await Promise.all(this.#started.map(({ ended }) => ended))
    this.#network.kill('SIGKILL')
    await once(this.#network, 'close')
  }

  #service(name: string): Service {
    const service = this.services[name]
    if (service === undefined) throw new Error(`there is no service ${name}`)
    return service
  }

  #start(service: Service): Started {
    const [command = '', ...args] = containerCommand(service.command, this.#container(service))
    const started = start(command, args)
    this.#started.push(started)
    return started
  }

  async #healthy(name: string): Promise<void> {
    const service = this.#service(name)
    const [kind, ...test] = service.healthcheck?.test ?? []
    const check = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...test] : test
    const [command = '', ...args] = containerCommand(check, this.#container(service))
    const untilMs = performance.now() + longestWaitMs
    while (spawnSync(command, args).status !== 0) {
      if (performance.now() > untilMs) throw new Error(`${name} did not become healthy`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  #container(service: Service): ContainerOptions {
    const image = this.#options.images[service.image]
    if (image === undefined) throw new Error(`there is no image ${service.image}`)
    const user = service.user ?? image.user
    const memory = (service.tmpfs ?? []).map((text) => ({ target: text.replace(/:.*/, '') }))
    const mounts = [...image.mounts, ...memory, ...(service.volumes ?? []).map((text) => this.#mount(text, user))]
    for (const mount of mounts) makeMountPoint(image.root, mount)
    const { nofile } = service.ulimits ?? {}
    return {
      root: image.root,
      usrLocal: image.usrLocal,
      mounts,
      isReadOnly: true,
      user,
      environment: { ...image.environment, ...service.environment },
      directory: image.directory,
      networkOf: this.#network.pid,
      openFiles: nofile?.soft,
    }
  }

  /** `./file:/target:ro`, or `name:/target` for a volume, which is the user's own as the image says. */
  #mount(text: string, user: string | undefined): Mount {
    const [from = '', target = '', mode] = text.split(':')
    const isFile = from.startsWith('.')
    const source = isFile ? resolve(dirname(this.#options.file), from) : this.volume(from)
    if (!isFile) {
      mkdirSync(source, { recursive: true })
      const [uid, gid] = (user ?? '0:0').split(':').map(Number)
      if (isRoot) chownSync(source, uid ?? 0, gid ?? 0)
    }
    return { source, target, isReadOnly: mode === 'ro' }
  }
}

function makeMountPoint(root: string, { source, target }: Mount): void {
  const point = join(root, target)
  if (source === undefined || statSync(source).isDirectory()) return void mkdirSync(point, { recursive: true })
  mkdirSync(dirname(point), { recursive: true })
  closeSync(openSync(point, 'a'))
}

/** Puts variables in for `${NAME:?what to do}`, the one form that is used. */
function interpolate(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{(\w+):\?([^}]*)\}/g, (_, name: string, hint: string) => {
      const found = variables[name]
      if (found === undefined) throw new Error(`${name} is missing: ${hint}`)
      return found
    })
  if (Array.isArray(value)) return value.map((inner) => interpolate(inner, variables))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, interpolate(inner, variables)]))
}
