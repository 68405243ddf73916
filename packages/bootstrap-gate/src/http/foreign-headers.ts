/** What middleware in front has set for the application's answer, and what would garble one of the gate's own. */
export const foreignHeaders = [
  'Content-Encoding',
  'Content-Language',
  'Content-Range',
  'Content-Disposition',
  'Content-Type',
  'ETag',
  'Last-Modified',
  'Trailer',
  'Transfer-Encoding',
  'Expires',
  'Age',
  'CDN-Cache-Control',
  'Surrogate-Control',
  'Cloudflare-CDN-Cache-Control',
];
