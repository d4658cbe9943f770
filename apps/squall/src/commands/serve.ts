import type { Command } from 'commander'
import { serveOptions } from '../settings/run-options.ts'
import { toServeSettings, type ServeSettings } from '../settings/serve-settings.ts'
import { addOptions, settingsOf } from './options.ts'

export type Serve = (settings: ServeSettings) => Promise<void>

/** `squall serve` */
export function addServeCommand(program: Command, serve: Serve): void {
  const command = program
    .command('serve')
    .description(
      'Takes runs over HTTP and owns them: starts, watches and stops them, keeps their reports, and goes on with them after a restart.',
    )
    .addHelpText('after', help)
  addOptions(command, serveOptions)
  command.action(async () => serve(toServeSettings(settingsOf(command, serveOptions, 'serve'), process.env)))
}

const help = `
Without --fabric this machine makes the load. With it the agents there do, and a server that died and is started again goes on with
the runs under way. Packs that callers send may read and run nothing of this machine. SQUALL_SERVE_TOKEN, 16 characters or more, is what
callers then must send as Authorization: Bearer; beyond 127.0.0.1 nothing is served without it.
Every option can also be set by the environment variable in brackets, or under "serve" in squall.config.json.

Examples:
  squall serve
  curl -H 'content-type: application/json' -d '{ "pack": "smoke", "target": "http://127.0.0.1:3000/mcp" }' http://127.0.0.1:8089/runs
  curl http://127.0.0.1:8089/runs
  curl 'http://127.0.0.1:8089/runs/ID?wait=60s'
  curl http://127.0.0.1:8089/runs/ID/summary.json
  curl -X POST http://127.0.0.1:8089/runs/ID/stop
  SQUALL_SERVE_TOKEN=… squall serve --host 0.0.0.0 --fabric redis://10.0.0.1:6379 --allow-target '*.staging.example.com'

Exit codes: 0 stopped, 2 bad input, 9 Redis, the port or the data directory cannot be used.`
