"""Runs the cases of conformance.jsonl with the Python client, on a Redis that the cases may write to.

    python3 conformance.py [--redis redis://localhost] [--scripts scripts] [--cases scripts/conformance.jsonl]

RECORD.md says what a case holds. The names of their records begin with `idem:conformance`.
"""

import argparse
import importlib.util
import json
import re
import sys
from pathlib import Path

import redis

import idempotent_trace
from idempotent_trace import canonical, failed_note, hash_in, record_key, response_hash


def filled(value, now):
    """Puts times in the place of <<s>>, <<us>> and <<ms+5000>>."""
    if isinstance(value, dict):
        return {name: filled(each, now) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, now) for each in value]
    if not isinstance(value, str):
        return value
    seconds, micros = now
    units = {"s": seconds, "us": micros, "ms": seconds * 1000 + micros // 1000}
    return re.sub(r"<<(s|us|ms)([+-]\d+)?>>", lambda m: str(units[m[1]] + int(m[2] or 0)), value)


def differs(expected, seen, place=""):
    """The first difference as text; None where there is none."""
    if isinstance(seen, bytes):
        seen = seen.decode("utf-8", "surrogatepass")
    if isinstance(expected, dict) and "match" in expected:
        same = isinstance(seen, str) and re.fullmatch(expected["match"], seen)
    elif isinstance(expected, dict) and "between" in expected:
        same = isinstance(seen, int) and expected["between"][0] <= seen <= expected["between"][1]
    elif isinstance(expected, dict) and isinstance(seen, dict):
        if expected.keys() != seen.keys():
            return f"{place}: expected {sorted(expected)}, but there is {sorted(seen)}"
        return next(filter(None, (differs(expected[name], seen[name], f"{place}/{name}") for name in sorted(expected))), None)
    elif isinstance(expected, list) and isinstance(seen, list):
        if len(expected) != len(seen):
            return f"{place}: expected {expected}, got {seen}"
        return next(filter(None, (differs(e, s, f"{place}/{i}") for i, (e, s) in enumerate(zip(expected, seen)))), None)
    else:
        same = expected == seen
    return None if same else f"{place}: expected {expected!r}, got {seen!r}"


class Runner:
    def __init__(self, client, scripts):
        self.client = client
        self.scripts = scripts
        self.store = idempotent_trace.Store(client, scripts=scripts)

    def put(self, key, state):
        self.client.delete(key)
        if state is None:
            return
        if "string" in state:
            self.client.set(key, state["string"])
        else:
            self.client.hset(key, mapping=state["hash"])
        if state.get("ttl", -1) > 0:
            self.client.pexpire(key, state["ttl"])

    def state(self, key):
        kind = self.client.type(key)
        if kind == b"none":
            return None
        if kind == b"string":
            return {"string": self.client.get(key).decode(), "ttl": self.client.pttl(key)}
        fields = {name.decode(): value for name, value in self.client.hgetall(key).items()}
        return {"hash": fields, "ttl": self.client.pttl(key)}

    def reply(self, step, keys):
        script = self.store.scripts.plain[step["script"]][0]
        try:
            return self.client.execute_command("EVAL", script, len(keys), *keys, *step["argv"])
        except redis.exceptions.ResponseError as error:
            return {"error": str(error)}

    def script(self, case):
        now = self.client.time()
        keys = case["keys"]
        for key, state in zip(keys, case["before"]):
            self.put(key, filled(state, now))
        try:
            for i, step in enumerate(case["steps"]):
                found = differs(filled(step["reply"], now), self.reply(filled(step, now), keys), f"reply {i + 1}")
                if found:
                    return found
            for key, state in zip(keys, case["after"]):
                found = differs(filled(state, now), self.state(key), key)
                if found:
                    return found
        finally:
            self.client.delete(*keys)
        return None

    def name(self, case):
        record = record_key(case["tenant"], case["key"], case["scope"], case["prefix"])
        note = failed_note(record) if case["scope"] is None else None
        return differs(case["record"], record, "record") or differs(case["note"], note, "note")

    def result(self, case):
        if importlib.util.find_spec("cryptography") is None:
            print(f"skipped {case['name']}: the package cryptography is missing")
            return None
        key_id, key = case["secret"]
        store = idempotent_trace.Store(self.client, scripts=self.scripts, result_keys=[(key_id, bytes.fromhex(key))])
        return differs(case["text"], store.read_result(case["tenant"], case["key"], case["stored"], scope=case["scope"]), "text")

    def hash(self, case):
        value = json.loads(case["document"])
        secrets = [(case["secret"][0], case["secret"][1].encode())] if "secret" in case else []
        seen = hash_in(case["form"], value, secrets)
        if case["hash"] is None or "canonical" not in case:
            return differs(case["hash"], seen, "hash")
        text = canonical(value, case["form"].partition("+")[0])
        return differs(case["canonical"], text, "canonical") or differs(case["hash"], seen, "hash")

    def response_hash(self, case):
        secrets = [(case["secret"][0], case["secret"][1].encode())] if "secret" in case else []
        return differs(case["hash"], response_hash(case["result"].encode(), secrets), "hash")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--redis", default="redis://127.0.0.1:6379")
    arguments.add_argument("--scripts", default=Path(__file__).parent / "scripts", type=Path)
    arguments.add_argument("--cases", type=Path)
    given = arguments.parse_args()
    runner = Runner(redis.Redis.from_url(given.redis), given.scripts)
    cases = [json.loads(line) for line in (given.cases or given.scripts / "conformance.jsonl").read_text("utf-8").splitlines()]
    failed = 0
    for case in cases:
        found = getattr(runner, case["kind"])(case)
        if found:
            failed += 1
            print(f"FAILED {case['name']}: {found}")
    print(f"python: cases={len(cases)} failed={failed}")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
