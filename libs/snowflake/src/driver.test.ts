// What the driver does to the process around it unless it is told otherwise.
import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connectSnowflake } from './index.ts'
import { ScriptedService } from './test/scripted-service.ts'

const chatty = { common: { log_level: 'TRACE', log_path: 'logs' } }

test.each(['nothing', 'an environment that wants it to log'])(
  'writes nothing, given %s, while several sign in at once',
  async (given) => {
    // Standard output belongs to MCP, and the working directory to the user.
    const configFile = join(temporaryDirectory(onTestFinished), 'sf_client_config.json')
    writeFileSync(configFile, JSON.stringify(chatty), { mode: 0o600 })
    const directory = temporaryDirectory(onTestFinished)
    const { accessUrl } = await new ScriptedService().listen()
    const options = JSON.stringify({ account: 'A', user: 'U', authenticator: 'SNOWFLAKE', password: 'p', accessUrl })
    const program = `
    const { connectSnowflake } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
    await Promise.all(Array.from({ length: 4 }, async () => {
      const connection = await connectSnowflake(${options})
      await connection.run({ sql: 'SELECT 1', timeoutMs: 1000, maxRows: 1 })
      await connection.close()
    }))`
    const args = ['--conditions=@squall/source', '--input-type=module', '--eval', program]
    const env = given === 'nothing' ? {} : { SF_CLIENT_CONFIG_FILE: configFile }
    const ran = await promisify(execFile)(process.execPath, args, { cwd: directory, env })
    expect({ ...ran, files: readdirSync(directory) }).toEqual({ stdout: '', stderr: '', files: [] })
  },
  20_000,
)

test('sends nothing for this machine to a proxy of the environment', async () => {
  const proxied: unknown[] = []
  const proxy = createServer(({ url }, response) => {
    proxied.push(url)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  vi.stubEnv('http_proxy', `http://127.0.0.1:${port}`)
  vi.stubEnv('no_proxy', '')
  onTestFinished(() => {
    vi.unstubAllEnvs()
    proxy.close()
  })
  const connection = await connectSnowflake(await new ScriptedService().listen())
  await connection.close()
  expect(proxied).toEqual([])
})
