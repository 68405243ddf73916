/** The samples of Prometheus' text format, by name and labels as written. */
export function samples(text: string, prefix = ''): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && line.startsWith(prefix));
  return Object.fromEntries(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
