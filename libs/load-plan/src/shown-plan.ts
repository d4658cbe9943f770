import type { ClientPlan, LoadPlan, ScenarioPlan } from './load-plan.ts'
import { shownTarget } from './shown-target.ts'

const hidden = '***'

/** A plan as files may keep it: without credentials, private keys and the values of headers. */
export function shownPlan(plan: LoadPlan): LoadPlan {
  const { target, scenarios, tls, proxyUrl } = plan
  return {
    ...plan,
    target: shownTarget(target),
    scenarios: scenarios.map(shownScenario),
    ...(tls && {
      tls: { ...tls, ...(tls.key !== undefined && { key: hidden }), ...(tls.passphrase !== undefined && { passphrase: hidden }) },
    }),
    ...(proxyUrl !== undefined && { proxyUrl: shownTarget(proxyUrl) }),
  }
}

function shownScenario(scenario: ScenarioPlan): ScenarioPlan {
  return { ...scenario, client: shownClient(scenario.client) }
}

function shownClient(client: ClientPlan): ClientPlan {
  const { headers, auth } = client
  return {
    ...client,
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, hidden])),
    ...(auth && { auth: { ...auth, clientSecret: hidden } }),
  }
}
