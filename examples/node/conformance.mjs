/**
 * Runs the cases of conformance.jsonl with the Node client, on a Redis that the cases may write to.
 *
 *     node conformance.mjs [--redis redis://localhost] [--scripts scripts] [--cases scripts/conformance.jsonl]
 *
 * RECORD.md says what a case holds. The names of their records begin with `idem:conformance`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createClient, ErrorReply } from 'redis';
import { Store, canonical, failedNote, hashIn, parse, recordKey, responseHash } from './idempotent-trace.mjs';

const { values: given } = parseArgs({
  options: {
    redis: { type: 'string', default: 'redis://127.0.0.1:6379' },
    scripts: { type: 'string', default: fileURLToPath(new URL('scripts', import.meta.url)) },
    cases: { type: 'string' },
  },
});

/** Puts times in the place of <<s>>, <<us>> and <<ms+5000>>. */
function filled(value, [seconds, micros]) {
  const units = { s: Number(seconds), us: Number(micros), ms: Number(seconds) * 1000 + Math.floor(micros / 1000) };
  const text = JSON.stringify(value).replace(/<<(s|us|ms)([+-]\d+)?>>/g, (_, unit, more) => units[unit] + Number(more ?? 0));
  return JSON.parse(text);
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first difference as text; undefined where there is none. */
function difference(expected, seen, place) {
  let same;
  if (isObject(expected) && 'match' in expected) same = typeof seen === 'string' && new RegExp(`^(?:${expected.match})$`).test(seen);
  else if (isObject(expected) && 'between' in expected) {
    same = typeof seen === 'number' && seen >= expected.between[0] && seen <= expected.between[1];
  } else if (isObject(expected) && isObject(seen)) {
    const names = Object.keys(expected).sort();
    const there = Object.keys(seen).sort();
    if (String(names) !== String(there)) return `${place}: expected ${names}, but there is ${there}`;
    return names.map((name) => difference(expected[name], seen[name], `${place}/${name}`)).find(Boolean);
  } else if (Array.isArray(expected) && Array.isArray(seen) && expected.length === seen.length) {
    return expected.map((each, i) => difference(each, seen[i], `${place}/${i}`)).find(Boolean);
  } else same = expected === seen;
  return same ? undefined : `${place}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(seen)}`;
}

const client = await createClient({ url: given.redis }).on('error', () => {}).connect();
const command = (...args) => client.sendCommand(args.map(String));

async function put(key, state) {
  await command('DEL', key);
  if (state === null) return;
  if ('string' in state) await command('SET', key, state.string);
  else await command('HSET', key, ...Object.entries(state.hash).flat());
  if (state.ttl > 0) await command('PEXPIRE', key, state.ttl);
}

async function stateOf(key) {
  const type = await command('TYPE', key);
  if (type === 'none') return null;
  const ttl = await command('PTTL', key);
  if (type === 'string') return { string: await command('GET', key), ttl };
  const fields = await command('HGETALL', key);
  if (!Array.isArray(fields)) return { hash: { ...fields }, ttl };
  return { hash: Object.fromEntries(fields.flatMap((name, i) => (i % 2 ? [] : [[name, fields[i + 1]]]))), ttl };
}

async function reply(step, keys) {
  try {
    return await command('EVAL', readFileSync(join(given.scripts, `${step.script}.lua`), 'utf8'), keys.length, ...keys, ...step.argv);
  } catch (error) {
    if (!(error instanceof ErrorReply)) throw error;
    return { error: error.message };
  }
}

const kinds = {
  async script(one) {
    const now = await command('TIME');
    const { keys, before, steps, after } = filled(one, now);
    for (const [i, key] of keys.entries()) await put(key, before[i]);
    try {
      for (const [i, step] of steps.entries()) {
        const found = difference(step.reply, await reply(step, keys), `reply ${i + 1}`);
        if (found) return found;
      }
      for (const [i, key] of keys.entries()) {
        const found = difference(after[i], await stateOf(key), key);
        if (found) return found;
      }
    } finally {
      await command('DEL', ...keys);
    }
    return undefined;
  },
  name(one) {
    const record = recordKey(one.tenant, one.key, one.scope, one.prefix);
    const note = one.scope === null ? failedNote(record) : null;
    return difference(one.record, record, 'record') ?? difference(one.note, note, 'note');
  },
  result(one) {
    const store = new Store(client, { scripts: given.scripts, resultKeys: [[one.secret[0], Buffer.from(one.secret[1], 'hex')]] });
    return difference(one.text, store.readResult(one.tenant, one.key, one.stored, one.scope), 'text');
  },
  hash(one) {
    const value = parse(one.document);
    const seen = hashIn(one.form, value, one.secret ? [one.secret] : []);
    if (one.hash === null || !('canonical' in one)) return difference(one.hash, seen, 'hash');
    return difference(one.canonical, canonical(value, one.form.split('+')[0]), 'canonical') ?? difference(one.hash, seen, 'hash');
  },
  response_hash(one) {
    return difference(one.hash, responseHash(Buffer.from(one.result), one.secret ? [one.secret] : []), 'hash');
  },
};

const lines = readFileSync(given.cases ?? join(given.scripts, 'conformance.jsonl'), 'utf8').split('\n').filter(Boolean);
let failed = 0;
for (const one of lines.map((line) => JSON.parse(line))) {
  const found = await kinds[one.kind](one);
  if (found) {
    failed++;
    console.log(`FAILED ${one.name}: ${found}`);
  }
}
console.log(`node: cases=${lines.length} failed=${failed}`);
client.destroy();
process.exitCode = failed > 0 || lines.length === 0 ? 1 : 0;
