/** The examination cannot take place. `code` is the exit code. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: 2 | 3,
  ) {
    super(message);
  }
}
