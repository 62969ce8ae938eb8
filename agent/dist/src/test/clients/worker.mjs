// A worker of a race, by the Node client. Its arguments and files are those of worker.py; IDEMPOTENT_TRACE_CLIENT names the client.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const WAIT_MILLIS = 2000;
const PATIENCE_MILLIS = 120000;
const client = process.env.IDEMPOTENT_TRACE_CLIENT;
const { Conflict, InProgress, Store } = await import(pathToFileURL(client));
const { createClient } = createRequire(client)('redis');
const given = Object.fromEntries(process.argv.slice(2).map((word) => word.split(/=(.*)/s, 2)));
const failures = Number(given.failures ?? 0);

class BodyFailed extends Error {}

const payload = (i) => ({ n: i, amount: i + 0.5, text: `k${i} \u00e9\u20ac`, tags: ['a', null, true] });
const append = (file, ...columns) => appendFileSync(given[file], `${[...columns, Date.now()].join('\t')}\n`);
const answered = (i, answer, traceId) => append('answers', `k${i}`, given.worker, answer, traceId ?? '');

function share() {
  const [part, parts] = (given.part ?? '0/1').split('/').map(Number);
  const lines = existsSync(given.answers) ? readFileSync(given.answers, 'utf8').split('\n') : [];
  const done = new Set(lines.map((line) => line.split('\t')).filter((columns) => columns[1] === given.worker).map((columns) => columns[0]));
  return Array.from({ length: Number(given.keys) }, (_, i) => i).filter((i) => i % parts === part && !done.has(`k${i}`));
}

async function body(i, traceId) {
  if (Math.random() * 100 < failures) throw new BodyFailed('as asked');
  await sleep(Math.random() * Number(given.body ?? 0));
  if (given.hold && !existsSync(given.hold)) console.log(`in the body of k${i}`);
  while (given.hold && !existsSync(given.hold)) await sleep(5);
  append('bodies', `k${i}`, given.worker, traceId);
  return traceId;
}

const redis = await createClient({ url: given.redis }).on('error', () => {}).connect();
const store = new Store(redis, { leaseMillis: Number(given.lease), commandTimeoutMillis: 30000 });

async function deliver(i) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const traceId = randomUUID();
    try {
      const outcome = await store.run(given.tenant, `k${i}`, payload(i), () => body(i, traceId), { waitMillis: WAIT_MILLIS });
      answered(i, outcome.ran ? 'RAN' : 'DUPLICATE', outcome.value);
      return;
    } catch (error) {
      if (error instanceof Conflict) return answered(i, 'CONFLICT');
      if (!(error instanceof BodyFailed) && !(error instanceof InProgress)) throw error;
      if (Date.now() > deadline) return answered(i, 'UNDECIDED');
    }
  }
}

// All workers of a race begin at once, however long each takes to start.
console.log('ready');
while (given.go && !existsSync(given.go)) await sleep(10);
const keys = share().values();
await Promise.all(
  Array.from({ length: 2 }, async () => {
    for (const i of keys) await deliver(i);
  }),
);
console.log('done');
redis.destroy();
