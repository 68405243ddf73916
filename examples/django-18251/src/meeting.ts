/** Where requests wait for each other, so that what is rare in production happens every time. */
export class Meeting {
  #isOver = false;
  #guests: (() => void)[] = [];
  #onGuest: () => void = () => {};

  /** Waits until the meeting is over. */
  readonly join = async (): Promise<void> => {
    if (this.#isOver) return;
    await new Promise<void>((leave) => {
      this.#guests.push(leave);
      this.#onGuest();
    });
  };

  /** Resolves when so many have joined. One at a time may wait for this. */
  async has(many: number): Promise<void> {
    while (this.#guests.length < many) await new Promise<void>((resolve) => (this.#onGuest = resolve));
  }

  /** Lets the guests go on, in the order in which they came. Whoever comes later does not wait. */
  end(): void {
    this.#isOver = true;
    for (const leave of this.#guests) leave();
  }
}
