/** A point at which several wait for one another. */
export interface Meeting {
  /** Resolves when so many have come, or when the meeting is called off. */
  meet(): Promise<void>;
  /** Nobody else is coming. */
  callOff(): void;
}

export function meetingOf(many: number): Meeting {
  let callOff!: () => void;
  const over = new Promise<void>((resolve) => (callOff = resolve));
  let here = 0;
  return {
    meet() {
      if (++here === many) callOff();
      return over;
    },
    callOff,
  };
}
