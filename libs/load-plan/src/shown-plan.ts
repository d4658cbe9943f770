import type { AuthPlan, ClientPlan, Json, LoadPlan, ScenarioPlan } from './load-plan.ts'
import { shownTarget } from './shown-target.ts'

const hidden = '***'

/**
 * A plan as files may keep it: without credentials, private keys, the values of headers and variables, rows of data and what steps
 * are given. Any of these may come from the environment, and so be a secret.
 */
export function shownPlan(plan: LoadPlan): LoadPlan {
  const { target, scenarios, payloads, variables, tls, proxyUrl } = plan
  return {
    ...plan,
    target: shownTarget(target),
    scenarios: scenarios.map(shownScenario),
    payloads: payloads.map(({ fields, order }) => ({ fields, order, rows: [] })),
    variables: hiddenValues(variables),
    ...(tls && {
      tls: { ...tls, ...(tls.key !== undefined && { key: hidden }), ...(tls.passphrase !== undefined && { passphrase: hidden }) },
    }),
    ...(proxyUrl !== undefined && { proxyUrl: shownTarget(proxyUrl) }),
  }
}

function shownScenario(scenario: ScenarioPlan): ScenarioPlan {
  return { ...scenario, client: shownClient(scenario.client), flow: scenario.flow.map(shownStep) }
}

function shownClient(client: ClientPlan): ClientPlan {
  const { headers, auth } = client
  return {
    ...client,
    headers: hiddenValues(headers),
    ...(auth && { auth: shownAuth(auth) }),
  }
}

const shownAuth = (auth: AuthPlan): AuthPlan => ({
  ...auth,
  ...(auth.clientSecret !== undefined && { clientSecret: hidden }),
  ...(auth.privateKey !== undefined && { privateKey: hidden }),
})

/** Which step it is, without what it is given. */
const shownStep = (step: Json): Json => (typeof step === 'object' && step !== null ? hiddenValues(step) : hidden)

const hiddenValues = (values: object): Record<string, string> =>
  Object.fromEntries(Object.keys(values).map((name) => [name, hidden]))
