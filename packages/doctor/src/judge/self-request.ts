/** SELF-REQUEST: the start asks its own server, which may not answer before the start is over. */
import type { Finding } from '../finding.js';
import type { CallSite } from '../journal-entry.js';
import { isLoopback } from '../start/door.js';
import type { JournalReader } from '../start/journal-reader.js';

export function judgeSelfRequests(journals: readonly JournalReader[]): Finding[] {
  const found = journals.map((journal) => answered(journal) ?? tooEarly(journal)).find((one) => one !== undefined);
  if (!found) return [];
  return [{ code: 'SELF-REQUEST', level: 'error', title: found.title, details: [], places: found.site.own }];
}

function answered(journal: JournalReader): { title: string; site: CallSite } | undefined {
  const request = journal.of('self-request')[0];
  return request && { title: `The start sends a request to its own server: GET ${request.target}`, site: request.site };
}

/** A port that was refused and that the same process opened later. */
function tooEarly(journal: JournalReader): { title: string; site: CallSite } | undefined {
  for (const { connection, process, to } of journal.of('connect-failed')) {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(to) ?? [];
    const own = journal
      .of('open')
      .some((open) => typeof open.address !== 'string' && String(open.address.port) === port);
    const connect = journal.of('connect').find((one) => one.connection === connection && one.process === process);
    // A package that tries whether the port is taken does so without a line of the application.
    const isOfStart = connect?.context === 0 && connect.site.own.length > 0;
    if (!own || !connect || !isOfStart || !isLoopback(host)) continue;
    return { title: `The start connects to its own port ${port} before that is open`, site: connect.site };
  }
  return undefined;
}
