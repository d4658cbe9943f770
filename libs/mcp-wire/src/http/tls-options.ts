/** How a client proves itself and whom it trusts where the target is `https:`. All texts are PEM. */
export interface TlsOptions {
  /** Authorities to trust instead of those that Node brings. */
  readonly ca?: string | readonly string[]
  /** The client's own certificate, with its chain. */
  readonly cert?: string
  /** The key of that certificate. */
  readonly key?: string
  /** Of the key, where it is encrypted. */
  readonly passphrase?: string
  /** The name asked for (SNI) and looked for in the server's certificate; the host of the URL unless given. */
  readonly serverName?: string
  /** Whether a certificate that does not check out ends the connection; true unless given. */
  readonly rejectUnauthorized?: boolean
}
