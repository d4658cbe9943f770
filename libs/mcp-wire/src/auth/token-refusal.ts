/** No access token was to be had. Its message never holds credentials. */
export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal'
  /** `auth.refused` where the authorization server said no, `auth.unavailable` where it did not answer as one. */
  readonly code: 'auth.refused' | 'auth.unavailable'

  constructor(code: 'auth.refused' | 'auth.unavailable', message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
