// docs/errors.md explains every code under a heading of its own; on the site each has a page, at errors/<CODE>.

/** The page of each code, as `[code, Markdown]`. */
export function codePages(text) {
  return sections(text).map(({ code, body }) => [
    code,
    `# ${code}\n\n${body}\n\n[All errors and warnings](errors.md)\n`,
  ]);
}

/** The page without what its codes have pages for: a list of them, with the first sentence of each. */
export function indexOfCodes(text) {
  return text
    .split(/^(?=#{2,3} )/m)
    .map((section) => {
      const [{ code, body } = {}] = sections(section);
      return code ? `- [\`${code}\`](#${code.toLowerCase()}): ${when(body)}\n` : section;
    })
    .join('');
}

function sections(text) {
  return text
    .split(/^(?=#{2,3} )/m)
    .map((section) => /^### ((?:ERR|GATE|ONCE)_[A-Z_]+)\n(.*)$/s.exec(section))
    .filter(Boolean)
    .map(([, code, body]) => ({ code, body: body.trim() }));
}

/** What follows "When:", to its first full stop, semicolon or colon. */
function when(body) {
  const [, text = ''] = /\*\*When:\*\* (.*?)(?:[.;:](?=\s)|\n\n|$)/s.exec(body) ?? [];
  return text.replace(/\s+/g, ' ');
}
