import { exitCodes } from '@squall/errors'
import { runProgram } from '@squall/program'
import { parseOptions } from './options.ts'
import { serve } from './serve.ts'
import { widenThreadPool } from './thread-pool.ts'

widenThreadPool(process.env)
await runProgram(async (lifetime) => {
  const invocation = parseOptions(process.argv.slice(2))
  if (invocation.kind === 'serve') return serve(invocation.options, lifetime)
  process.stdout.write(invocation.text)
  return exitCodes.ok
})
