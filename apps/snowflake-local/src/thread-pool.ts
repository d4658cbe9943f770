/**
 * Makes libuv's thread pool wide enough for a busy warehouse, unless the user set its size: each running statement holds one of
 * its threads, and with the default of four, four long statements would keep even `SELECT 1` waiting.
 * The pool is made at its first use, so this comes before anything else is done.
 */
export function widenThreadPool(environment: NodeJS.ProcessEnv): void {
  environment['UV_THREADPOOL_SIZE'] ??= '64'
}
