import { execFileSync } from 'node:child_process'

/** A machine of the lab: a network namespace with an address of its own. */
export interface LabMachine {
  readonly address: string
  /** What a command begins with that is to run on this machine. */
  readonly through: readonly string[]
  /** Takes its cable out: nothing comes or goes any more, and nobody is told. */
  readonly cut: () => void
  readonly heal: () => void
}

/** Several machines on this one: namespaces on a bridge, on which this machine is reachable too. Linux, and root alone. */
export class LabNetwork implements Disposable {
  readonly #name: string
  readonly #net: string
  readonly #machines: string[] = []

  private constructor(name: string, net: string) {
    this.#name = name
    this.#net = net
  }

  /** @throws Error where this machine or this user cannot make one. */
  static open(): LabNetwork {
    const octets = [randomOctet(), randomOctet()]
    const lab = new LabNetwork(`sq${octets.join('x')}`, `10.${octets.join('.')}`)
    ip('link', 'add', lab.#name, 'type', 'bridge')
    ip('address', 'add', `${lab.address}/24`, 'dev', lab.#name)
    ip('link', 'set', lab.#name, 'up')
    return lab
  }

  /** Undefined where there can be none: other than as root, or without the tools. */
  static openIfPossible(): LabNetwork | undefined {
    try {
      return LabNetwork.open()
    } catch {
      return undefined
    }
  }

  /** Of this machine, as the others see it. */
  get address(): string {
    return `${this.#net}.1`
  }

  addMachine(): LabMachine {
    const number = this.#machines.length + 2
    const name = `${this.#name}-${number}`
    const address = `${this.#net}.${number}`
    ip('netns', 'add', name)
    this.#machines.push(name)
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    ip('link', 'set', name, 'master', this.#name, 'up')
    ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0')
    for (const device of ['lo', 'eth0']) ip('-n', name, 'link', 'set', device, 'up')
    return {
      address,
      through: ['ip', 'netns', 'exec', name],
      cut: () => ip('link', 'set', name, 'down'),
      heal: () => ip('link', 'set', name, 'up'),
    }
  }

  [Symbol.dispose](): void {
    for (const name of this.#machines) {
      ip('link', 'delete', name)
      ip('netns', 'delete', name)
    }
    ip('link', 'delete', this.#name)
  }
}

const randomOctet = (): number => 2 + Math.floor(Math.random() * 250)

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
