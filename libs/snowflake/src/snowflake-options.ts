/** Where to sign in, as whom, and how; the method is told by `authenticator`, in Snowflake's own names. */
export type SnowflakeOptions = SnowflakeAccount & SignIn

export interface SnowflakeAccount {
  /** The account identifier: `myorg-myaccount`. */
  readonly account: string
  readonly user: string
  /** Instead of the address that follows from the account: `http://127.0.0.1:8085` for the embedded Snowflake. */
  readonly accessUrl?: string
  readonly warehouse?: string
  readonly database?: string
  readonly schema?: string
  readonly role?: string
}

export type SignIn = PasswordSignIn | KeyPairSignIn | TokenSignIn

export interface PasswordSignIn {
  readonly authenticator: 'SNOWFLAKE'
  readonly password: string
}

export interface KeyPairSignIn {
  readonly authenticator: 'SNOWFLAKE_JWT'
  /** An RSA key as PKCS#8 PEM, encrypted or not. */
  readonly privateKeyPem: string
  readonly passphrase?: string
}

export interface TokenSignIn {
  readonly authenticator: 'OAUTH' | 'PROGRAMMATIC_ACCESS_TOKEN'
  readonly token: string
}
