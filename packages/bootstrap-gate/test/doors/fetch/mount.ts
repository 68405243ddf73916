/** How the conformance checks mount the fetch door. */
import type { Adapter, Application, Setup } from '@bootstrap-gate/conformance';
import { bootstrapGate } from '../../../src/doors/fetch.js';
import { type Fetch, incomingOf, respond, serveFetch } from '../web/serve.js';

/** Makes the handler under test; broken ones must fail. */
type MakeGate = (setup: Setup) => Fetch;

const realGate: MakeGate = ({ options: { onDenied: _, ...options }, application, handler }) => {
  if (!handler) return bootstrapGate(serve(application), options);
  return bootstrapGate({ ...options, handler: (value) => serve(handler(value)) });
};

export const fetchAdapter = (gate = realGate): Adapter => ({
  features: ['handler'],
  mount(setup) {
    const gated = gate(setup);
    const failed = (error: unknown): Response => {
      setup.onError(error);
      return new Response(null, { status: 500 });
    };
    return serveFetch(async (request, info) => {
      try {
        return await setup.before(incomingOf(request), () => gated(request, info));
      } catch (error) {
        return failed(error);
      }
    });
  },
});

const serve =
  (application: Application): Fetch =>
  async (request) =>
    (await respond(application, request)) ?? new Response(null, { status: 404 });
