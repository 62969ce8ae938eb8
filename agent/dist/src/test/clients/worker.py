"""A worker of a race, by the Python client: it gets its share of the keys, each until it may acknowledge it.

Arguments, all name=value: kind (sync, async or five), redis, tenant, worker, bodies, answers (files), keys (how many), part (0 of 4: 0/4),
failures (per cent of bodies), body (milliseconds at most), lease (milliseconds), hold (a file: bodies do not end before it exists), go (a file: no key is
delivered before it exists).
PYTHONPATH and IDEMPOTENT_TRACE_SCRIPTS name the client and its scripts. Mirrored by worker.mjs and SharedWorker.java.
"""

import asyncio
import logging
import os
import random
import sys
import time
import uuid

import redis
import redis.asyncio

WAIT_SECONDS = 2.0
PATIENCE_SECONDS = 120.0
given = dict(word.split("=", 1) for word in sys.argv[1:])
name = given["worker"]
rng = random.Random()


def payload(i):
    return {"n": i, "amount": i + 0.5, "text": f"k{i} \u00e9\u20ac", "tags": ["a", None, True]}


def append(file, *columns):
    """With O_APPEND, in one write: lines of several processes are never mixed."""
    handle = os.open(given[file], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, ("\t".join([*columns, str(time.time_ns() // 1000000)]) + "\n").encode())
    finally:
        os.close(handle)


def await_go():
    """All workers of a race begin at once, however long each takes to start."""
    print("ready", flush=True)
    while "go" in given and not os.path.exists(given["go"]):
        time.sleep(0.01)


def share():
    part, parts = map(int, given.get("part", "0/1").split("/"))
    keys = [i for i in range(int(given["keys"])) if i % parts == part]
    for i in range(0, len(keys), 8):
        window = keys[i : i + 8]
        rng.shuffle(window)
        keys[i : i + 8] = window
    done = set()
    if os.path.exists(given["answers"]):
        with open(given["answers"], encoding="utf-8") as answers:
            done = {line.split("\t")[0] for line in answers if line.split("\t")[1] == name}
    return [i for i in keys if f"k{i}" not in done]


class BodyFailed(Exception):
    pass


def pause():
    """How long this body takes; raises if it is to fail."""
    if rng.random() * 100 < float(given.get("failures", "0")):
        raise BodyFailed("as asked")
    return rng.random() * float(given.get("body", "0")) / 1000


def ran(i, trace_id):
    append("bodies", f"k{i}", name, trace_id)


def held():
    """Whether the body has to go on."""
    return "hold" in given and not os.path.exists(given["hold"])


def sync_body(i, trace_id):
    time.sleep(pause())
    if held():
        print(f"in the body of k{i}", flush=True)
    while held():
        time.sleep(0.005)
    ran(i, trace_id)
    return trace_id


async def async_body(i, trace_id):
    await asyncio.sleep(pause())
    if held():
        print(f"in the body of k{i}", flush=True)
    while held():
        await asyncio.sleep(0.005)
    ran(i, trace_id)
    return trace_id


def answered(i, answer, trace_id=""):
    append("answers", f"k{i}", name, answer, trace_id or "")


def options():
    return {"lease": float(given["lease"]) / 1000, "command_timeout": 30.0}


def sync(client):
    from idempotent_trace import Conflict, InProgress, Store

    store = Store(client, **options())
    for i in share():
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            trace_id = str(uuid.uuid4())
            try:
                outcome = store.run(given["tenant"], f"k{i}", payload(i), lambda claim: sync_body(i, trace_id), wait=WAIT_SECONDS)
                answered(i, "RAN" if outcome.ran else "DUPLICATE", outcome.value)
                break
            except Conflict:
                answered(i, "CONFLICT")
                break
            except (BodyFailed, InProgress):
                if time.monotonic() > deadline:
                    answered(i, "UNDECIDED")
                    break


async def asynchronous(client):
    from idempotent_trace import AsyncStore, Conflict, InProgress

    store = AsyncStore(client, **options())
    keys = iter(share())

    async def deliver():
        for i in keys:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while True:
                trace_id = str(uuid.uuid4())
                try:
                    outcome = await store.run(
                        given["tenant"], f"k{i}", payload(i), lambda claim: async_body(i, trace_id), wait=WAIT_SECONDS
                    )
                    answered(i, "RAN" if outcome.ran else "DUPLICATE", outcome.value)
                    break
                except Conflict:
                    answered(i, "CONFLICT")
                    break
                except (BodyFailed, InProgress):
                    if time.monotonic() > deadline:
                        answered(i, "UNDECIDED")
                        break

    await asyncio.gather(*(deliver() for _ in range(4)))


FIVE_FIELDS = """
local record = redis.call('HMGET', KEYS[1], 'hash', 'trace_id')
if record[1] then
  return { record[1] == ARGV[1] and 'duplicate' or 'conflict', record[1], record[2] or '' }
end
redis.call('HSET', KEYS[1], 'hash', ARGV[1], 'tenant_id', ARGV[3], 'trace_id', ARGV[4], 'created_at', redis.call('TIME')[1], 'status', 'pending')
redis.call('EXPIRE', KEYS[1], ARGV[2])
return { 'new', ARGV[1], ARGV[4] }
"""


def five(client):
    """A worker that knows five fields: its own script reads no status, and its writes look at nothing."""
    from idempotent_trace import hash_in, record_key

    script = client.register_script(FIVE_FIELDS)
    for i in share():
        record = record_key(given["tenant"], f"k{i}")
        while True:
            trace_id = str(uuid.uuid4())
            own = hash_in("python", payload(i))
            verdict = script(keys=[record], args=[own, 86400, given["tenant"], trace_id])[0].decode()
            if verdict != "new":
                answered(i, verdict.upper())
                break
            try:
                sync_body(i, trace_id)
            except BodyFailed as error:
                client.hset(record, mapping={"status": "failed", "error": str(error)})
                client.expire(record, 300)
                continue
            client.hset(record, mapping={"status": "completed", "response_hash": ""})
            answered(i, "RAN", trace_id)
            break


logging.disable(logging.WARNING)
await_go()
if given["kind"] == "async":
    asyncio.run(asynchronous(redis.asyncio.Redis.from_url(given["redis"], socket_timeout=10)))
else:
    {"sync": sync, "five": five}[given["kind"]](redis.Redis.from_url(given["redis"], socket_timeout=10))
print("done", flush=True)
