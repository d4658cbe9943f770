import type { FailureSample } from '@squall/metrics'
import { formatMs } from '../../format-number.ts'
import type { Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** What was asked and answered in a few of the calls that failed, by code. */
export function renderSamples({ samples }: Summary): Html {
  if (samples.length === 0) return html``
  const codes = [...new Set(samples.map(({ code }) => code))]
  return html`<section aria-labelledby="samples-title">
    <h2 id="samples-title">Failed calls, shown</h2>
    <p class="note">The first few of each code, shortened; what looks like a secret is left out.</p>
    ${codes.map((code, index) =>
      renderCode(
        code,
        samples.filter((sample) => sample.code === code),
        index === 0,
      ),
    )}
  </section>`
}

function renderCode(code: string, samples: readonly FailureSample[], isOpen: boolean): Html {
  return html`<details class="samples" ${isOpen && 'open'}>
    <summary><code>${code}</code> ${samples[0]?.message ?? ''}</summary>
    ${samples.map(renderSample)}
  </details>`
}

function renderSample({ method, name, message, request, reply, serviceMs }: FailureSample): Html {
  return html`<article class="sample">
    <p><b>${name === '' ? method : `${method} ${name}`}</b> after ${formatMs(serviceMs)}: ${message}</p>
    <dl>
      <dt>sent</dt>
      <dd><code>${request === '' ? 'nothing' : request}</code></dd>
      <dt>answered</dt>
      <dd><code>${reply === '' ? 'nothing' : reply}</code></dd>
    </dl>
  </article>`
}
