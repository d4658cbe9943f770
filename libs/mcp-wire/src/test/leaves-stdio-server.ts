// Starts the server of a command line, lets it be deaf, says its process id, and ends without leaving it.
import { systemClock } from '@squall/time'
import { StdioConnection } from '../index.ts'
import { identity, legacy, never } from './connect.ts'

const [commandLine = ''] = process.argv.slice(2)
const connection = new StdioConnection(commandLine, {
  clock: systemClock,
  identity,
  dialect: legacy,
  requestTimeoutMs: 10_000,
  firstRequestId: 0,
})
const outcome = await connection.request({ method: 'test/deaf', paramsJson: '{}' }, never)
process.stdout.write(String(outcome.ok ? outcome.result['pid'] : ''), () => process.exit(0))
