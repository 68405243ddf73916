/** How an application calls its own server: with each of the clients that Node brings. */
import { get } from 'node:http';

export type SelfCall = (url: string) => Promise<string>;

export const withFetch: SelfCall = async (url) => await (await fetch(url)).text();

export const withNodeHttp: SelfCall = (url) =>
  new Promise((resolve, reject) => {
    get(url, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });
