/** Where to sign in, as whom, and how; the method is told by `authenticator`, in Snowflake's own names. */
export type SnowflakeOptions = SnowflakeAccount & SignIn

export interface SnowflakeAccount {
  /** The account identifier: `myorg-myaccount`. */
  readonly account: string
  /** Empty where the credentials themselves say who signs in: client credentials, workload identity, tokens. */
  readonly user: string
  /** Instead of the address that follows from the account: `http://127.0.0.1:8085` for the embedded Snowflake. */
  readonly accessUrl?: string
  readonly warehouse?: string
  readonly database?: string
  readonly schema?: string
  readonly role?: string
}

export type SignIn =
  | PasswordSignIn
  | KeyPairSignIn
  | TokenSignIn
  | ClientCredentialsSignIn
  | BrowserSignIn
  | WorkloadIdentitySignIn

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
  readonly token: TokenSource
}

/** A token as it is, or the file that holds the one that is valid now: it is read anew for each sign-in. */
export type TokenSource = string | { readonly path: string }

/** A token that an authorization server gives to the server itself, fetched anew for each sign-in. */
export interface ClientCredentialsSignIn {
  readonly authenticator: 'OAUTH_CLIENT_CREDENTIALS'
  readonly clientId: string
  readonly clientSecret: string
  readonly tokenUrl: string
  readonly scope?: string
}

/** A person signs in with a browser on this machine; Snowflake's token for it is kept in the driver's store, so that it asks once. */
export interface BrowserSignIn {
  readonly authenticator: 'EXTERNALBROWSER'
}

/** The identity that a cloud gives to what runs in it. */
export interface WorkloadIdentitySignIn {
  readonly authenticator: 'WORKLOAD_IDENTITY'
  readonly provider: 'AWS' | 'AZURE' | 'GCP' | 'OIDC'
  /** For OIDC: the token, such as Kubernetes puts into a file. */
  readonly token?: TokenSource
}
