export const USAGE = `Examines how an application starts: what its first visitors get, whether its health
check tells the truth, what is initialised twice, and what a silent start waits for.

  npx @bootstrap-gate/doctor [options] -- <command that starts the application>
  npx @bootstrap-gate/doctor -- node server.js
  npx @bootstrap-gate/doctor --path /api/cities --health /ready -- npm start

The application is started twice, and each start repeats its side effects. Only GET
requests are sent, only to loopback addresses that it opens itself.

What to ask
  --path <path>          a path to ask; repeatable (default: / and the routes of Express)
  --health <path>        a path that says how the application is (default: the common ones)
  --port <port>          which port, where the application opens several
  --no-preload           for what is not Node (Bun, Deno, a container); needs --port
  --down <host:port>     start once more while this service is down; "=refuse" (default)
                         or "=silent" after it says how; repeatable
  --interrupt            start once more and send SIGTERM half-way

What to report
  --ignore <codes>       findings that are accepted, such as SIGTERM-IGNORED; repeatable
  --strict               warnings count as errors
  --json <file>          the result as data; "-" for stdout
  --html <file>          the result as one page

How long
  --limit <seconds>      for the port to open, and for the start to finish (default: 20)
  --quiet <seconds>      without activity until a start counts as finished (default: 1)
  --grace <seconds>      to obey SIGTERM (default: 8)

  -y, --yes              also with NODE_ENV=production
  -h, --help   -v, --version

Exit code: 0 sound, 1 something was found, 2 wrong usage, 3 nothing could be examined.
`;
