/** What the documentation calls the user's own queue: it holds two messages, and gives them one by one or by call. */
export interface Message {
  readonly body: string;
  acknowledge(): void;
  sendAgain(): void;
}

const message = (body: string): Message => ({ body, acknowledge() {}, sendAgain() {} });

export async function* messages(): AsyncGenerator<Message> {
  yield message('first');
  yield message('second');
}

export function subscribe(onMessage: (message: Message) => Promise<unknown>): void {
  for (const body of ['first', 'second']) void onMessage(message(body));
}
