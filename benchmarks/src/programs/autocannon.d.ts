/** The part of autocannon that the benchmark uses; the package has no types of its own. */
declare module 'autocannon' {
  export interface Options {
    readonly url: string
    readonly connections: number
    /** In seconds. */
    readonly duration: number
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }

  export interface Result {
    readonly '2xx': number
    readonly non2xx: number
    /** Connections that broke, and calls without an answer in time. */
    readonly errors: number
  }

  const autocannon: (options: Options) => Promise<Result>
  export default autocannon
}
