// What the tests need and npm cannot bring: installed through Debian's package manager where that is possible.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface SystemPackage {
  readonly command: string
  readonly debianPackage: string
  readonly neededFor: string
}

const systemPackages: readonly SystemPackage[] = [
  { command: 'chromium', debianPackage: 'chromium', neededFor: 'the tests that look at reports in a real browser' },
  { command: 'redis-server', debianPackage: 'redis-server', neededFor: 'the tests of runs over many machines' },
]

/** Installs what is missing, or names the one command to type. @throws Error where something is missing and cannot be installed. */
export function installSystemPackages(): void {
  const missing = systemPackages.filter(({ command }) => !isOnPath(command))
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
