/** Watches the response of a pilot, the only one whose end matters to the gate; all others stay as the application made them. */

/** The same response, with a body that tells when it has been sent, or given up. */
export function watchedResponse(response: Response, method: string, ended: (isWhole: boolean) => void): Response {
  const { body } = response;
  if (!body || method === 'HEAD') {
    ended(true); // frameworks drop the body of HEAD without reading it
    return response;
  }
  const reader = body.getReader();
  const watched = new ReadableStream<unknown>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        ended(true);
        controller.close();
      } catch (error) {
        ended(false);
        controller.error(error);
      }
    },
    async cancel(reason) {
      ended(false);
      await reader.cancel(reason);
    },
  });
  return new Response(watched as ReadableStream<Uint8Array>, response);
}
