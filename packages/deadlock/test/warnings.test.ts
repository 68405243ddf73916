import { warningOf } from '../src/warnings.js';

test('a warning shows control codes and changes of writing direction as escapes, and keeps its lines', () => {
  const { message } = warningOf(
    'GATE_STALLED',
    'step "\u001b[2J\u0007\u009b\u202e\u2066\u0000\u007f"\r\n\tsecond\rthird ü 日本',
  );
  expect(message).toBe('step "\\u001b[2J\\u0007\\u009b\\u202e\\u2066\\u0000\\u007f"\n\tsecond\\u000dthird ü 日本');
});
