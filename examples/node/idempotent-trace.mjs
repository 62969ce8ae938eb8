/**
 * A client of idempotent-trace for Node: it shares records in Redis with Java workers and with the Python client.
 *
 * Written from RECORD.md alone. It needs Node 20, the package `redis` (5 or newer), and the folder of scripts that the agent's jar writes:
 *
 *     java -jar idempotent-trace-agent.jar scripts --out scripts
 *
 * `run` does all of it: it claims the key, waits while another worker runs, renews the lease while the body runs, and completes the record
 * or marks it as failed.
 *
 *     const store = new Store(client);
 *     const outcome = await store.run('acme', 'order-1', { id: 1 }, (claim) => send(claim.fence));
 *
 * Acknowledge the message if `run` resolves. After `Conflict` or `FailedForGood`, put it aside: no retry changes them. After any other
 * error, do not acknowledge: the message has to come again.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ErrorReply } from 'redis';

const STEPS = ['claim', 'complete', 'fail', 'renew', 'delete', 'status'];
// These end or keep what a claim began: Redis 7 and newer lets them through when its memory is full. Older ones do not know the line.
const ALLOW_OUT_OF_MEMORY = '#!lua flags=allow-oom\n';
const FLAGGED = new Set(['complete', 'fail', 'renew', 'delete']);
/** Their replies name them: else one to a renewal could be taken for that to the completion of the same owner. */
const NAMED = new Set(['fail', 'renew']);
export const FORMS = ['python', 'python-str', 'python-unicode', 'jcs'];
const MOST_ERROR_CHARACTERS = 500;
const POLL_MILLIS = 1000;
const POLL_MILLIS_UNHEARD = 200;
const RETRY_MILLIS = 50;

/** Another worker runs the body of this key, longer than we waited. Do not acknowledge the message. */
export class InProgress extends Error {
  constructor(key, answer) {
    super(`${key} is held by ${answer.holder || 'another worker'} for another ${answer.leftMillis} ms; let the message come again`);
    this.answer = answer;
  }
}

/** The key was used with another payload. */
export class Conflict extends Error {
  constructor(key, answer) {
    super(`${key} was used with another payload (hash ${answer.hash}, form ${answer.form}); give the other payload its own key`);
    this.answer = answer;
  }
}

/** The body of this key failed before in a way that no retry changes, and its worker stored that as the result. */
export class FailedForGood extends Error {
  constructor(key, failure) {
    super(`${key} failed for good before: ${failure}`);
    this.failure = failure;
  }
}

/** The reply belongs to another call: the connection has lost count. */
class OutOfStep extends Error {}

// ---- keys ----------------------------------------------------------------------------------------------------------------------------

const part = (text) => text.replaceAll('%', '%25').replaceAll(':', '%3A');

/** The name of the record; a scope of null is a key that workers of all kinds share. */
export function recordKey(tenant, key, scope = null, prefix = 'idem') {
  if (!tenant || !key) throw new RangeError('the tenant or the key is empty; a record needs both');
  if (!`${tenant}${scope ?? ''}${key}`.isWellFormed()) throw new RangeError('tenant, scope or key has a lone surrogate');
  return scope === null ? `${prefix}:${part(tenant)}:${key}` : `${prefix}:${part(tenant)}%:${part(scope)}:${key}`;
}

function slot(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let i = 0; i < 8; i++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % 16384;
}

/** Where the failed record of a shared key lies: a worker that knows five fields alone does not read it there. */
export function failedNote(record) {
  const note = `${record.slice(0, record.indexOf(':'))}:%failed:`;
  if (/^[^{]*\{[^}]+\}/.test(record)) return note + record;
  if (!record.includes('}')) return `${note}{${record}}`;
  const wanted = slot(Buffer.from(record));
  let number = 0;
  while (slot(Buffer.from(String(number))) !== wanted) number++;
  return `${note}{${number}}:${record}`;
}

// ---- canonical forms -----------------------------------------------------------------------------------------------------------------

/**
 * A number that Python holds as a float. JavaScript has one type where JSON of Python has two: 1 and 1.0. A whole number is written as an
 * int, unless it is one of these; `parse` makes them of a text with a fraction or an exponent.
 */
export class Float {
  constructor(number) {
    this.number = number;
  }
}

/** Reads JSON so that no number is lost: integers beyond 2^53 are BigInt, 1.0 is a Float. Reads NaN and Infinity as Python does. */
export function parse(text) {
  let at = 0;
  const fail = () => {
    throw new SyntaxError(`no JSON at character ${at}`);
  };
  const blanks = () => {
    while (' \t\n\r'.includes(text[at] ?? 'x')) at++;
  };
  const token = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found?.[0];
  };
  const words = { null: null, true: true, false: false, NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };
  function value() {
    blanks();
    const begin = text[at];
    if (begin === '{' || begin === '[') return begin === '{' ? object() : array();
    if (begin === '"') return string();
    const word = token(/(?:null|true|false|NaN|-?Infinity)/y);
    if (word !== undefined) return words[word];
    const number = token(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y) ?? fail();
    if (/[.eE]/.test(number)) return new Float(Number(number));
    const whole = BigInt(number);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  function string() {
    return JSON.parse(token(/"(?:[^"\\\u0000-\u001f]|\\.)*"/y) ?? fail());
  }
  function list(end, element) {
    at++;
    for (blanks(); text[at] !== end; blanks()) {
      element();
      blanks();
      if (text[at] === end) break;
      if (text[at++] !== ',') fail();
      blanks();
      if (text[at] === end) fail();
    }
    at++;
  }
  function array() {
    const elements = [];
    list(']', () => elements.push(value()));
    return elements;
  }
  function object() {
    const members = new Map();
    list('}', () => {
      const name = (blanks(), string());
      blanks();
      if (text[at++] !== ':') fail();
      members.set(name, value());
    });
    return members;
  }
  const document = value();
  blanks();
  return at === text.length ? document : fail();
}

const byUnits = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Python's order of text. A surrogate stands for a code point above every single unit, though its unit lies below U+E000. */
function byCodePoints(a, b) {
  const x = Array.from(a, (c) => c.codePointAt(0));
  const y = Array.from(b, (c) => c.codePointAt(0));
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i] - y[i];
  return x.length - y.length;
}

function pythonFloat(number) {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? 'Infinity' : '-Infinity';
  const sign = number < 0 || Object.is(number, -0) ? '-' : '';
  const [mantissa, power] = Math.abs(number).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const padded = digits.padEnd(exponent + 1, '0');
  return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || '0'}`;
}

function pythonNumber(number) {
  if (typeof number === 'bigint') return String(number);
  if (number instanceof Float) return pythonFloat(number.number);
  if (!Number.isInteger(number) || Object.is(number, -0)) return pythonFloat(number);
  if (Number.isSafeInteger(number)) return String(number);
  throw new TypeError(`${number} may be an int or a float of Python: give a BigInt or a Float`);
}

function jcsNumber(number) {
  const double = number instanceof Float ? number.number : Number(number);
  if (!Number.isFinite(double) || (typeof number === 'bigint' && BigInt(double) !== number)) {
    throw new RangeError(`jcs has no number ${number instanceof Float ? double : number}: no double holds it; send it as text`);
  }
  return String(Object.is(double, -0) ? 0 : double);
}

const escape = (text, pattern) => text.replace(pattern, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

function string(text, form) {
  if (form === 'python' || form === 'python-str') return escape(JSON.stringify(text), /[\u007f-\uffff]/g);
  if (!text.isWellFormed()) throw new RangeError(`${form} has no text with a lone surrogate`);
  return JSON.stringify(text);
}

/**
 * The text that is hashed. Takes what JSON.parse or `parse` gives, Maps and BigInts. python-str equals python here: what it writes beside
 * JSON, such as dates, are types of Python.
 */
export function canonical(value, form = 'python') {
  if (!FORMS.includes(form)) throw new RangeError(`the form '${form}' is unknown; known are ${FORMS.join(', ')}`);
  const write = (each) => {
    if (each === null || typeof each === 'boolean') return String(each);
    if (typeof each === 'string') return string(each, form);
    if (typeof each === 'number' || typeof each === 'bigint' || each instanceof Float) {
      return form === 'jcs' ? jcsNumber(each) : pythonNumber(each);
    }
    if (Array.isArray(each)) return `[${each.map(write).join(',')}]`;
    const prototype = typeof each === 'object' && Object.getPrototypeOf(each);
    if (!(each instanceof Map) && prototype !== Object.prototype && prototype !== null) {
      throw new TypeError(`there is no canonical form of ${each?.constructor?.name ?? typeof each}; send plain objects, lists, text and numbers`);
    }
    const members = each instanceof Map ? each : new Map(Object.entries(each));
    const names = [...members.keys()].sort(form === 'jcs' ? byUnits : byCodePoints);
    return `{${names.map((name) => `${string(name, form)}:${write(members.get(name))}`).join(',')}}`;
  };
  return write(value);
}

/** What is hashed where null members were left out. */
function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object' || value instanceof Float) return value;
  const members = value instanceof Map ? [...value] : Object.entries(value);
  return new Map(members.filter(([, member]) => member !== null).map(([name, member]) => [name, withoutNulls(member)]));
}

const hmac = (secret, ...parts) => parts.reduce((mac, each) => mac.update(each), createHmac('sha256', secret)).digest('hex');

/** The id of a secret that was given without one. */
export const keyId = (secret) => hmac(secret, 'idempotent-trace:key-id\0').slice(0, 16);

/**
 * The hash of a payload in the form that a record names, such as `python` or `jcs+hmac:2026a`; null where the form or the key is unknown,
 * or the form has no text for the payload.
 *
 * @param secrets pairs of key id and secret; the derived id of each secret is known besides
 */
export function hashIn(form, value, secrets = []) {
  const [made, name] = form.split(/\+hmac:(.*)/s);
  const base = made.replace(/\+nonulls$/, '');
  const known = new Map(secrets.map(([, secret]) => [keyId(secret), secret]));
  for (const [id, secret] of secrets) if (id) known.set(id, secret);
  if (!FORMS.includes(base) || (name !== undefined && !known.has(name))) return null;
  let document;
  try {
    document = canonical(base === made ? value : withoutNulls(value), base);
  } catch {
    return null;
  }
  return name === undefined ? createHash('sha256').update(document).digest('hex') : hmac(known.get(name), document);
}

/** The hash of a result, its text as bytes. `secrets` as in `hashIn`; the first one signs. */
export function responseHash(result, secrets = []) {
  const digest = createHash('sha256').update(result);
  return secrets.length > 0 ? hmac(secrets[0][1], 'idempotent-trace:response_hash\0', digest.digest()) : digest.digest('hex');
}

// ---- the scripts ---------------------------------------------------------------------------------------------------------------------

function readScripts(folder) {
  const scripts = {};
  for (const step of STEPS) {
    const file = join(folder, `${step}.lua`);
    let text;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      throw new Error(`${file} is missing; write the scripts by: java -jar idempotent-trace-agent.jar scripts --out ${folder}`);
    }
    const withSha = (source) => ({ text: source, sha: createHash('sha1').update(source).digest('hex') });
    scripts[step] = { plain: withSha(text), flagged: withSha((FLAGGED.has(step) ? ALLOW_OUT_OF_MEMORY : '') + text) };
  }
  return scripts;
}

/** A result is good for its own record alone. */
function boundTo(claim, purpose) {
  const texts = [`idempotent-trace ${purpose}`, claim.tenant, claim.scope ?? '', claim.id].map((text) => Buffer.from(text));
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      return [length, text];
    }),
  );
}

// ---- the store -----------------------------------------------------------------------------------------------------------------------

export class Store {
  #scripts;
  #flags = true;

  /**
   * @param client a connected client of the package `redis`; give it a socket time-out, so that a dead connection is noticed
   * @param options ttl, failedTtl: whole seconds; leaseMillis, commandTimeoutMillis; form; secrets: pairs of key id and secret (id null:
   *     derived), the first one signs, records of the others are compared; resultKeys: pairs of key id and 32 bytes, results are stored
   *     encrypted with the first one; storeError: what a failed record says of the error, full, type or none
   */
  constructor(client, options = {}) {
    const here = fileURLToPath(new URL('scripts', import.meta.url));
    Object.assign(this, {
      prefix: 'idem',
      ttl: 86400,
      failedTtl: 300,
      leaseMillis: 30000,
      commandTimeoutMillis: 2000,
      form: 'python',
      secrets: [],
      resultKeys: [],
      maxResultBytes: 65536,
      storeError: 'full',
      holder: `${hostname().slice(-32)}/${process.pid}/node`.slice(0, 64),
      ...options,
      client,
    });
    if (!FORMS.includes(this.form)) throw new RangeError(`form '${this.form}' is unknown; known are ${FORMS.join(', ')}`);
    const [signing] = this.secrets;
    if (signing) this.form += `+hmac:${signing[0] || keyId(signing[1])}`;
    this.#scripts = readScripts(options.scripts ?? process.env.IDEMPOTENT_TRACE_SCRIPTS ?? here);
  }

  /** Runs a script. A command whose reply is lost is sent again, with the same owner: the scripts answer it as the first. */
  async eval(step, keys, args, echo) {
    const deadline = Date.now() + this.commandTimeoutMillis;
    const rest = [String(keys.length), ...keys, ...args.map((each) => (Buffer.isBuffer(each) ? each : String(each)))];
    for (;;) {
      const script = this.#scripts[step][this.#flags ? 'flagged' : 'plain'];
      try {
        return this.#checked(await this.#once(script, rest), step, echo);
      } catch (error) {
        if (error instanceof ErrorReply) {
          if (!this.#flags || !error.message.includes('ompil')) throw error;
          // The server is older than the line before the script; it is left out from now on.
          this.#flags = false;
        } else {
          if (Date.now() >= deadline) throw error;
          await sleep(RETRY_MILLIS);
        }
      }
    }
  }

  /** NOSCRIPT means that nothing was run. */
  async #once(script, rest) {
    try {
      return await this.#send(['EVALSHA', script.sha, ...rest]);
    } catch (error) {
      if (!(error instanceof ErrorReply) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.#send(['EVAL', script.text, ...rest]);
    }
  }

  /** A reply that does not come in time counts as lost, so that a silent connection ends the call. */
  #send(args) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('no reply in time')), this.commandTimeoutMillis);
    });
    return Promise.race([this.client.sendCommand(args), late]).finally(() => clearTimeout(timer));
  }

  /** Each reply ends with what its call gave, and those to fail and renew name their script; another one is another call's. */
  #checked(reply, step, echo) {
    const parts = Array.isArray(reply) ? reply : [reply];
    const last = parts.at(-1);
    const ends = last === echo || (parts.length === 1 && String(last).endsWith(` ${echo}`));
    const anothers = NAMED.has(step)
      ? parts.length !== 3 || parts[1] !== step
      : step === 'complete' && parts.length > 2;
    if (ends && !anothers) return reply;
    throw new OutOfStep('a reply belongs to another call');
  }

  #newClaim(tenant, key, payload, scope, traceId) {
    const hash = hashIn(this.form, payload, this.secrets);
    if (hash === null) canonical(payload, this.form.split('+')[0]); // Says what can't be hashed.
    return {
      key: recordKey(tenant, key, scope, this.prefix),
      tenant,
      scope,
      id: key,
      hash,
      form: this.form,
      traceId,
      owner: randomBytes(16).toString('base64url'),
      attempt: 1,
      /** Grows with every grant of the key: a sink that keeps the greatest one refuses a worker that was paused and lost its key. */
      fence: 0n,
      /** Whether another worker has the key now, as a renewal was told. */
      lost: false,
    };
  }

  #keys(claim) {
    return claim.scope === null ? [claim.key, failedNote(claim.key)] : [claim.key];
  }

  async #claimOnce(claim, payload, listens = '') {
    for (;;) {
      const form = claim.form === 'python' ? '' : claim.form;
      const args = [claim.hash, this.ttl, claim.tenant, claim.traceId, claim.owner, this.leaseMillis, this.holder, '', form, listens];
      const answer = this.#answer(claim, await this.eval('claim', this.#keys(claim), args, claim.owner));
      if (answer.verdict !== 'conflict' || answer.form === claim.form) return answer;
      // A record of another form: the payload is hashed in that, and claimed once more where it is the same.
      const other = hashIn(answer.form, payload, this.secrets);
      if (other === null || other !== answer.hash) return answer;
      claim.hash = other;
      claim.form = answer.form;
    }
  }

  #answer(claim, reply) {
    if (!Array.isArray(reply)) {
      const [attempt, , seconds, micros] = reply.slice('new '.length).split(' ');
      claim.attempt = Number(attempt || 1);
      claim.fence = BigInt(seconds) * 1000000n + BigInt(micros);
      return { verdict: 'new', claim, hash: claim.hash, traceId: claim.traceId, form: claim.form };
    }
    const [, hash, traceId, kind] = reply;
    if (kind === 'conflict') return { verdict: 'conflict', hash, traceId, form: reply[5] };
    if (kind === 'completed') return { verdict: 'duplicate', hash, traceId, form: claim.form, result: this.#result(claim, reply[4]) };
    // in-progress; or newer, of a version that is unknown here, which is waited for as well.
    return { verdict: 'in-progress', hash, traceId, form: claim.form, leftMillis: Number(reply[5]), holder: reply[6] };
  }

  /** The stored text; null where there is none, or where it is encrypted with a key that is not here. */
  #result(claim, stored) {
    if (!stored) return null;
    // The mark of a failure stays outside, so that it is known for one without the key.
    const mark = stored.startsWith('!') ? '!' : '';
    const text = stored.slice(mark.length);
    if (!text.startsWith('enc:')) return stored;
    const plain = this.#decrypted(claim, text, mark ? 'failure 1' : 'result 1');
    if (plain === null) return mark ? "!an exception whose text can't be decrypted here" : null;
    return mark + plain;
  }

  /** What the stored text of a result says, such as that of `status`: JSON, `!` and a failure, or null where it can't be read. */
  readResult(tenant, key, stored, scope = null) {
    return this.#result({ key: recordKey(tenant, key, scope, this.prefix), tenant, scope, id: key }, stored);
  }

  #decrypted(claim, text, purpose) {
    const [, name, sealed] = text.split(':');
    const key = new Map(this.resultKeys).get(name);
    if (!key) return null;
    const data = Buffer.from(sealed, 'base64');
    try {
      const cipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12));
      cipher.setAAD(boundTo(claim, purpose));
      cipher.setAuthTag(data.subarray(-16));
      return Buffer.concat([cipher.update(data.subarray(12, -16)), cipher.final()]).toString();
    } catch {
      console.warn(`${claim.key}: the stored result can't be decrypted with the key ${name}`);
      return null;
    }
  }

  #encrypted(claim, data) {
    const [[name, key]] = this.resultKeys;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(boundTo(claim, 'result 1'));
    const sealed = Buffer.concat([nonce, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
    return `enc:${name}:${sealed.toString('base64')}`;
  }

  /**
   * Claims the key; waits up to that many milliseconds while another worker holds it. Whoever gets `new` has to end the claim by
   * complete, fail or giveBack, and to renew it while it runs.
   */
  async claim(tenant, key, payload, { scope = null, traceId = '', waitMillis = 0 } = {}) {
    const claim = this.#newClaim(tenant, key, payload, scope, traceId);
    let answer = await this.#claimOnce(claim, payload);
    if (answer.verdict !== 'in-progress' || waitMillis <= 0) return answer;
    const deadline = Date.now() + waitMillis;
    const ears = await this.#listen(claim.key);
    try {
      for (;;) {
        // Subscribed first, then claimed again: an end between the two is seen by the claim.
        const heard = ears.next();
        answer = await this.#claimOnce(claim, payload, ears.listens);
        const left = deadline - Date.now();
        if (answer.verdict !== 'in-progress' || left <= 0) return answer;
        const most = ears.listens ? POLL_MILLIS : POLL_MILLIS_UNHEARD;
        await Promise.race([heard, sleep(Math.max(1, Math.min(left, answer.leftMillis > 0 ? answer.leftMillis : most, most)))]);
      }
    } finally {
      await ears.close();
    }
  }

  /** Hears of the end of one record, over a connection of its own. Where that may not subscribe, the wait polls more often. */
  async #listen(channel) {
    let wake = () => {};
    const next = () => new Promise((resolve) => (wake = resolve));
    const client = this.client.duplicate();
    client.on('error', () => {});
    try {
      await client.connect();
      await client.subscribe(channel, () => wake());
      return { listens: 'p', next, close: () => client.destroy() };
    } catch {
      if (client.isOpen) client.destroy();
      return { listens: '', next, close: () => {} };
    }
  }

  /** Completes the record. result: JSON text, or null for none. Resolves to applied, gone (written whole) or refused. */
  async complete(claim, { result = null, traceId = '' } = {}) {
    let data = Buffer.from(result ?? '');
    const digest = data.length === 0 ? '' : responseHash(data, this.secrets);
    if (data.length > this.maxResultBytes) data = Buffer.alloc(0);
    if (data.length > 0 && this.resultKeys.length > 0) data = this.#encrypted(claim, data);
    let applied = await this.#complete(claim, [claim.owner, this.ttl, traceId, digest, data]);
    if (applied === 'absent') {
      const form = claim.form === 'python' ? '' : claim.form;
      const whole = [claim.owner, this.ttl, traceId || claim.traceId, digest, data, claim.hash, claim.tenant, form, '', this.holder];
      applied = await this.#complete(claim, whole);
    }
    if (applied === 'refused') {
      claim.lost = true;
      console.warn(`${claim.key}: the completion was refused: the lease was lost, and another worker may have run the body too`);
    }
    return applied;
  }

  async #complete(claim, args) {
    const reply = await this.eval('complete', this.#keys(claim), args, claim.owner);
    return Array.isArray(reply) ? reply[0] : 'applied';
  }

  /** Marks the record as failed: the key is free at once. */
  async fail(claim, error) {
    const type = error instanceof Error ? error.constructor.name : String(error);
    const full = error instanceof Error ? `${type}: ${error.message}` : type;
    const text = { full, type, none: 'failed' }[this.storeError].slice(0, MOST_ERROR_CHARACTERS).toWellFormed();
    return (await this.eval('fail', this.#keys(claim), [claim.owner, text, this.failedTtl], claim.owner))[0];
  }

  async renew(claim) {
    return (await this.eval('renew', this.#keys(claim), [claim.owner, this.leaseMillis], claim.owner))[0];
  }

  /** Deletes the record of a claim whose body did not begin, as if it had never been made. */
  async giveBack(claim) {
    return (await this.eval('delete', this.#keys(claim), [claim.owner], claim.key))[0] === 1;
  }

  /** The record's fields, empty if there is no record, and its TTL in milliseconds. */
  async status(tenant, key, scope = null) {
    const name = recordKey(tenant, key, scope, this.prefix);
    const [ttlMillis, fields] = await this.eval('status', this.#keys({ key: name, scope }), [], name);
    const byName = {};
    for (let i = 0; i < fields.length; i += 2) byName[fields[i]] = fields[i + 1];
    return { ttlMillis, fields: byName };
  }

  /** Renews the lease until the function that it returns is called. */
  keep(claim) {
    let timer;
    let ended = false;
    const plan = (millis) => {
      if (!ended) timer = setTimeout(renew, millis);
    };
    const renew = async () => {
      try {
        claim.lost = (await this.renew(claim)) === 'refused';
        if (claim.lost) console.warn(`${claim.key}: the lease is lost; another worker may run the body`);
        else plan(this.leaseMillis / 3);
      } catch (error) {
        console.warn(`${claim.key}: the lease could not be renewed (${error.message}); trying again`);
        plan(this.leaseMillis / 30);
      }
    };
    plan(this.leaseMillis / 3);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }

  /** Runs body(claim) once for the key. Rejects with InProgress, Conflict, or what the body threw. */
  async run(tenant, key, payload, body, { scope = null, traceId = '', waitMillis = 10000 } = {}) {
    const answer = await this.claim(tenant, key, payload, { scope, traceId, waitMillis });
    if (answer.verdict !== 'new') return this.#suppressed(recordKey(tenant, key, scope, this.prefix), answer);
    const claim = answer.claim;
    const stop = this.keep(claim);
    try {
      let value;
      let result;
      try {
        value = await body(claim);
        result = value === undefined || value === null ? null : JSON.stringify(value);
      } catch (error) {
        // If this does not arrive either, the key is free after the lease.
        await this.fail(claim, error).catch(() => {});
        throw error;
      }
      await this.complete(claim, { result });
      return { ran: true, value, hasValue: result !== null, traceId };
    } finally {
      stop();
    }
  }

  /** The outcome of a call whose body does not run. */
  #suppressed(name, answer) {
    if (answer.verdict === 'in-progress') throw new InProgress(name, answer);
    if (answer.verdict === 'conflict') throw new Conflict(name, answer);
    if (answer.result?.startsWith('!')) throw new FailedForGood(name, answer.result.slice(1));
    const hasValue = answer.result !== null;
    return { ran: false, value: hasValue ? JSON.parse(answer.result) : undefined, hasValue, traceId: answer.traceId };
  }
}
