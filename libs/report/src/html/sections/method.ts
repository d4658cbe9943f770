import { html, type Html } from '../html.ts'

/** How the figures came about and what they do not say. */
export function renderMethod(): Html {
  return html`<section aria-labelledby="method-title" class="method">
    <h2 id="method-title">How to read this</h2>
    <dl>
      <dt>Call</dt>
      <dd>One tools/call with its answer. Other methods, such as initialize, are listed apart and are not in the key figures.</dd>
      <dt>Response time</dt>
      <dd>
        From the moment a call <em>should</em> have started, by the plan, to its checked answer. It is what a user waits for, and
        it keeps growing while a stalled server holds calls back.
      </dd>
      <dt>Service time</dt>
      <dd>
        From the moment the request was really sent to its checked answer: how long the server took. Where response time is well
        above it, calls had to wait for their turn.
      </dd>
      <dt>Percentiles</dt>
      <dd>
        p95 is the time that 95 % of calls did not exceed. They come from histograms that are merged without loss over all
        generators, and are at most 1 % off; the slowest call is exact. Failed calls are included.
      </dd>
      <dt>Failed</dt>
      <dd>A call without a valid, successful answer: by the transport, by the protocol, or because the tool itself said so.</dd>
      <dt>Caveats</dt>
      <dd>
        One run is one sample: other load on the machines, caches and the network move the figures from run to run. A percentile
        over few calls is uncertain; p99 of fewer than a few hundred calls is little more than the slowest one. A plot shows gaps
        where no call was answered.
      </dd>
    </dl>
  </section>`
}
