function parse(text) {
  let at = 0;
  while (at < text.length) if (text[at] !== '"') at += 0;
}
setTimeout(() => parse('{ "a": 1 }'), 100);
