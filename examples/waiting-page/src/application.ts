/** A small shop without a framework: what it answers, as data. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export function answer(method: string, path: string): Answer {
  switch (`${method} ${path}`) {
    case 'GET /api/stock':
      return { status: 200, type: 'application/json', body: '{"apples":12}' };
    case 'GET /apple.svg':
      return { status: 200, type: 'image/svg+xml', body: picture };
    case 'POST /orders':
      return page(201, 'Ordered', '<p>Thank you.</p>');
    case 'GET /':
      return page(200, 'The shop', '<img src="/apple.svg" alt="An apple"><p><a href="/about">About us</a></p>');
    case 'GET /about':
      return page(200, 'About us', '<p><a href="/">The shop</a></p>');
    default:
      return page(404, 'Not found', '');
  }
}

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><circle cx="16" cy="16" r="12" fill="#c33"/></svg>';

function page(status: number, title: string, body: string): Answer {
  const head = `<!doctype html><html lang="en"><head><title>${title}</title><link rel="icon" href="data:,"></head>`;
  return { status, type: 'text/html; charset=utf-8', body: `${head}<body><h1>${title}</h1>${body}</body></html>` };
}
