import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

/**
 * Starts the machine's Chromium, without a window and without talking to anybody of its own accord.
 * @throws Error that says what is missing; a test without its browser has failed.
 */
export async function startChromium(executablePath = process.env['SQUALL_CHROMIUM'] ?? '/usr/bin/chromium'): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`no Chromium at ${executablePath}: install the package chromium, or name another with SQUALL_CHROMIUM`)
  }
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ]
  return chromium.launch({ executablePath, args })
}
