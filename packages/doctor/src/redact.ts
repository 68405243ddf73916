/** Takes out of an excerpt what could be a secret, before it is shown or written. */
const NAMES =
  'pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|session|credential|dsn';

export function redact(text: string): string {
  return text
    .replace(/\b(Bearer|Basic)\s+[\w+/=.~-]+/gi, '$1 …')
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1…@')
    .replace(
      new RegExp(`(["']?[\\w-]*(?:${NAMES})[\\w-]*["']?\\s*[:=]\\s*)("[^"]*"?|'[^']*'?|\`[^\`]*\`?|[^\\s,;&}]+)`, 'gi'),
      '$1…',
    )
    .replace(/-----BEGIN [^-]+-----[^]*?(?:-----END [^-]+-----|$)/g, '…')
    .replace(/\b(?=[\w+-]*\d)(?=[\w+-]*[A-Za-z])[\w+-]{24,}={0,2}/g, '…');
}
