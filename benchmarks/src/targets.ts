import { startProgram, type RunningProgram } from '@squall/program'
import { temporaryDirectory } from '@squall/testing'
import { cores, pin } from './cores.ts'
import { makeSelfSigned } from './self-signed.ts'

/** The same target twice, with and without TLS. */
export interface Targets {
  readonly url: string
  readonly tlsUrl: string
  /** What a client has to trust. */
  readonly certificateFile: string
}

/** Starts the targets on their core, and stops them when the work is done. */
export async function withTargets(work: (targets: Targets) => Promise<void>): Promise<void> {
  using cleanUp = new DisposableStack()
  const certificate = makeSelfSigned(temporaryDirectory((remove) => cleanUp.defer(remove)))
  await withTarget([], ({ url }) =>
    withTarget([certificate.keyFile, certificate.certificateFile], (tls) =>
      work({ url, tlsUrl: tls.url, certificateFile: certificate.certificateFile }),
    ),
  )
}

async function withTarget(args: readonly string[], work: (target: RunningProgram) => Promise<void>): Promise<void> {
  const entry = new URL('./programs/echo-target.ts', import.meta.url)
  const target = await startProgram({ name: 'echo target', entry, args })
  try {
    pin(target.pid, cores.target)
    await work(target)
  } finally {
    await target.stop()
  }
}
