"""A client of idempotent-trace for Python: it shares records in Redis with Java workers and with the Node client.

Written from RECORD.md alone. It needs Python 3.9, redis-py 4.2 or newer, and the folder of scripts that the agent's jar writes:

    java -jar idempotent-trace-agent.jar scripts --out scripts

`Store` is for threads, `AsyncStore` for asyncio; both have the same methods. `run` does all of it: it claims the key, waits while another
worker runs, renews the lease while the body runs, and completes the record or marks it as failed.

    store = Store(redis.Redis())
    outcome = store.run("acme", "order-1", {"id": 1}, lambda claim: send(claim.fence))

Acknowledge the message if `run` returns. After `Conflict` or `FailedForGood`, put it aside: no retry changes them. After any other
exception, do not acknowledge: the message has to come again.
"""

import asyncio
import base64
import binascii
import contextlib
import hashlib
import hmac
import itertools
import json
import logging
import os
import secrets as tokens
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import redis
import redis.asyncio
import redis.exceptions

__all__ = ["Store", "AsyncStore", "Answer", "Outcome", "InProgress", "Conflict", "FailedForGood", "canonical", "failed_note", "hash_in", "key_id", "record_key"]

LOG = logging.getLogger("idempotent_trace")
STEPS = ("claim", "complete", "fail", "renew", "delete", "status")
# These end or keep what a claim began: Redis 7 and newer lets them through when its memory is full. Older ones do not know the line.
ALLOW_OUT_OF_MEMORY = "#!lua flags=allow-oom\n"
FLAGGED = ("complete", "fail", "renew", "delete")
# Their replies name them: else one to a renewal could be taken for that to the completion of the same owner.
NAMED = ("fail", "renew")
FORMS = ("python", "python-str", "python-unicode", "jcs")
SHARED = None
MOST_ERROR_CHARACTERS = 500
POLL_SECONDS = 1.0
POLL_SECONDS_UNHEARD = 0.2
RETRY_SECONDS = 0.05
LOST = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError)


class InProgress(Exception):
    """Another worker runs the body of this key, longer than we waited. Do not acknowledge the message."""

    def __init__(self, key, answer):
        super().__init__(f"{key} is held by {answer.holder or 'another worker'} for another {answer.left_ms} ms; let the message come again")
        self.answer = answer


class Conflict(Exception):
    """The key was used with another payload."""

    def __init__(self, key, answer):
        super().__init__(f"{key} was used with another payload (hash {answer.hash}, form {answer.form}); give the other payload its own key")
        self.answer = answer


class FailedForGood(Exception):
    """The body of this key failed before in a way that no retry changes, and its worker stored that as the result."""

    def __init__(self, key, failure):
        super().__init__(f"{key} failed for good before: {failure}")
        self.failure = failure


# ---- keys and hashes ---------------------------------------------------------------------------------------------------------------


def _part(text):
    return text.replace("%", "%25").replace(":", "%3A")


def record_key(tenant, key, scope=SHARED, prefix="idem"):
    """The name of the record; a scope of None is a key that workers of all kinds share."""
    if not tenant or not key:
        raise ValueError("the tenant or the key is empty; a record needs both")
    if scope is None:
        return f"{prefix}:{_part(tenant)}:{key}"
    return f"{prefix}:{_part(tenant)}%:{_part(scope)}:{key}"


def failed_note(record):
    """Where the failed record of a shared key lies: a worker that knows five fields alone does not read it there."""
    note = record.partition(":")[0] + ":%failed:"
    name = _bytes(record)
    if _tag(name) != name:
        return note + record
    if b"}" not in name:
        return f"{note}{{{record}}}"
    slot = binascii.crc_hqx(name, 0) % 16384
    number = next(n for n in itertools.count() if binascii.crc_hqx(str(n).encode(), 0) % 16384 == slot)
    return f"{note}{{{number}}}:{record}"


def _tag(name):
    """What a Cluster hashes of a name."""
    begin = name.find(b"{")
    end = name.find(b"}", begin + 1) if begin >= 0 else -1
    return name[begin + 1 : end] if end > begin + 1 else name


def canonical(value, form="python"):
    """The bytes that are hashed."""
    if form == "python":
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
    if form == "python-str":
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str).encode("ascii")
    if form == "python-unicode":
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    if form == "jcs":
        return _jcs(value).encode("utf-8")
    raise ValueError(f"the form {form!r} is unknown; known are {', '.join(FORMS)}")


def _jcs(value):
    """RFC 8785. Numbers are doubles there: one that no double holds is refused."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        # JSON's short escapes are those of RFC 8785, but for DEL, which json.dumps leaves as it is, too.
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (int, float)):
        return _jcs_number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_jcs, value)) + "]"
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("jcs has no other names of members than text")
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(json.dumps(name, ensure_ascii=False) + ":" + _jcs(value[name]) for name in names) + "}"
    raise TypeError(f"jcs has no form of {type(value).__name__}")


def _jcs_number(number):
    try:
        double = float(number)
    except OverflowError:
        double = None
    if double is None or double != number or double in (float("inf"), float("-inf")):
        raise ValueError(f"jcs has no number {number}: no double holds it; send it as text")
    if double == 0:
        return "0"
    sign = "-" if double < 0 else ""
    mantissa, _, exponent = repr(abs(double)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    # The value is 0.digits times ten to the power of point.
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = point - 1
    return sign + digits[0] + ("." + digits[1:] if count > 1 else "") + "e" + ("+" if power > 0 else "-") + str(abs(power))


def _hmac(secret, data):
    return hmac.new(secret, data, hashlib.sha256)


def key_id(secret):
    """The id of a secret that was given without one."""
    return _hmac(secret, b"idempotent-trace:key-id\0").hexdigest()[:16]


def _without_nulls(value):
    """What is hashed where null members were left out."""
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    return [_without_nulls(element) for element in value] if isinstance(value, (list, tuple)) else value


def hash_in(form, value, keys=()):
    """The hash of a payload in the form that a record names, such as `python` or `jcs+hmac:2026a`.

    keys: pairs of key id and secret; the derived id of each secret is known besides. None where the form or the key is unknown, or the
    form has no text for the payload.
    """
    base, mark, name = form.partition("+hmac:")
    known = {key_id(secret): secret for _, secret in keys}
    known.update((given, secret) for given, secret in keys if given)
    secret = known.get(name)
    base, reduced, rest = base.partition("+nonulls")
    if reduced and not rest:
        value = _without_nulls(value)
    base += rest
    if base not in FORMS or mark and secret is None:
        return None
    try:
        document = canonical(value, base)
    except (TypeError, ValueError):
        return None
    return _hmac(secret, document).hexdigest() if mark else hashlib.sha256(document).hexdigest()


def response_hash(result, keys=()):
    """The hash of a result, its text as bytes. keys: as in `hash_in`; the first one signs."""
    digest = hashlib.sha256(result)
    return _hmac(keys[0][1], b"idempotent-trace:response_hash\0" + digest.digest()).hexdigest() if keys else digest.hexdigest()


# ---- what is sent and what comes back ------------------------------------------------------------------------------------------------


@dataclass
class Answer:
    """What the script answered. The verdict is new, duplicate, in-progress or conflict."""

    verdict: str
    claim: object = None
    hash: str = ""
    trace_id: str = ""
    form: str = "python"
    #: The stored result's JSON; None where none is stored, or a longer one than max_result_bytes.
    result: str = None
    left_ms: int = 0
    holder: str = ""


@dataclass
class Outcome:
    """How `run` ended. `value` is what the body returned, in this call or in the one that completed the record."""

    ran: bool
    value: object = None
    has_value: bool = False
    trace_id: str = ""


def _text(value):
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


def _bytes(value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def _aes(key):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # Only who encrypts results needs it.

    return AESGCM(key)


class _OutOfStep(redis.exceptions.ConnectionError):
    """The reply belongs to another call: the connection has lost count."""


class _Scripts:
    """The scripts of the folder that `scripts --out` wrote, with the line that Redis 7 wants before some of them."""

    def __init__(self, folder):
        folder = Path(folder or os.environ.get("IDEMPOTENT_TRACE_SCRIPTS") or Path(__file__).parent / "scripts")
        self.plain, self.flagged = {}, {}
        for step in STEPS:
            file = folder / (step + ".lua")
            if not file.is_file():
                raise FileNotFoundError(
                    f"{file} is missing; write the scripts by: java -jar idempotent-trace-agent.jar scripts --out {folder}"
                )
            text = file.read_bytes()
            self.plain[step] = self._with_sha(text)
            self.flagged[step] = self._with_sha((ALLOW_OUT_OF_MEMORY.encode() if step in FLAGGED else b"") + text)
        self.flags = True

    @staticmethod
    def _with_sha(text):
        return text, hashlib.sha1(text).hexdigest()

    def of(self, step):
        return (self.flagged if self.flags else self.plain)[step]

    def refuses_flags(self, error):
        """Whether the server is older than the line before the script; it is then left out from now on."""
        if self.flags and "ompil" in str(error):
            self.flags = False
            return True
        return False


def _keys(record, scope):
    """What the scripts are given as KEYS."""
    return [record, failed_note(record)] if scope is None else [record]


@dataclass
class _Held:
    """A claim that was granted, and what its steps need."""

    #: The record's name in Redis.
    key: str
    tenant: str
    scope: str
    #: The key as it was given.
    id: str
    hash: str
    form: str
    trace_id: str
    owner: str
    attempt: int = 1
    #: Grows with every grant of the key: a sink that keeps the greatest one refuses a worker that was paused and lost its key.
    fence: int = 0
    #: Whether another worker has the key now, as a renewal was told.
    lost: bool = False

    @property
    def keys(self):
        return _keys(self.key, self.scope)


class _Base:
    def __init__(
        self,
        client,
        *,
        scripts=None,
        prefix="idem",
        ttl=86400,
        failed_ttl=300,
        lease=30.0,
        form="python",
        secrets=(),
        holder=None,
        max_result_bytes=65536,
        result_keys=(),
        store_error="full",
        command_timeout=2.0,
    ):
        """
        client: redis.Redis, or redis.asyncio.Redis; give it a socket_timeout, so that a dead connection is noticed
        ttl, failed_ttl: whole seconds; lease, command_timeout: seconds
        secrets: pairs of key id and secret (bytes; id None: derived); the first one signs, records of the others are compared
        result_keys: pairs of key id and key (32 bytes): results are stored encrypted with the first one; needs the package cryptography
        store_error: what a failed record says of the exception: full, type or none
        """
        if form not in FORMS:
            raise ValueError(f"form={form!r} is unknown; known are {', '.join(FORMS)}")
        self.client = client
        self.scripts = _Scripts(scripts)
        self.prefix = prefix
        self.ttl = int(ttl)
        self.failed_ttl = int(failed_ttl)
        self.lease_ms = int(lease * 1000)
        self.secrets = tuple(secrets)
        self.form = form + (f"+hmac:{self.secrets[0][0] or key_id(self.secrets[0][1])}" if self.secrets else "")
        self.holder = holder if holder is not None else f"{socket.gethostname()[-32:]}/{os.getpid()}/python"[:64]
        self.max_result_bytes = max_result_bytes
        self.result_keys = tuple(result_keys)
        for _, key in self.result_keys:
            _aes(key)  # Raises here, and not at the first result, if the package is missing or the key has no 32 bytes.
        self.store_error = store_error
        self.command_timeout = command_timeout

    def _new_claim(self, tenant, key, payload, scope, trace_id):
        own = hash_in(self.form, payload, self.secrets)
        if own is None:
            canonical(payload, self.form.partition("+")[0])  # Says what can't be hashed.
        name = record_key(tenant, key, scope, self.prefix)
        return _Held(name, tenant, scope, key, own, self.form, trace_id, tokens.token_urlsafe(16))

    def _claim_arguments(self, held, listens):
        form = "" if held.form == "python" else held.form
        return [held.hash, self.ttl, held.tenant, held.trace_id, held.owner, self.lease_ms, self.holder, "", form, listens]

    def _answer(self, held, reply):
        """Reads the reply to a claim."""
        if not isinstance(reply, list):
            attempt, _, seconds, micros = _text(reply)[len("new ") :].split(" ")[:4]
            held.attempt, held.fence = int(attempt or 1), int(seconds) * 1000000 + int(micros)
            return Answer("new", claim=held, hash=held.hash, trace_id=held.trace_id, form=held.form)
        answer = Answer(_text(reply[3]), hash=_text(reply[1]), trace_id=_text(reply[2]), form=held.form)
        if answer.verdict == "conflict":
            answer.form = _text(reply[5])
        elif answer.verdict == "completed":
            answer.verdict, answer.result = "duplicate", self._result(held, reply[4])
        else:
            # in-progress; or newer, of a version that is unknown here, which is waited for as well.
            answer.verdict, answer.left_ms, answer.holder = "in-progress", int(reply[5]), _text(reply[6])
        return answer

    def _result(self, held, stored):
        """The stored text; None where there is none, or where it is encrypted with a key that is not here."""
        text = _text(stored) if stored else None
        if text is None:
            return None
        # The mark of a failure stays outside, so that it is known for one without the key.
        mark, text = ("!", text[1:]) if text.startswith("!") else ("", text)
        if text.startswith("enc:"):
            text = self._decrypted(held, text, "failure 1" if mark else "result 1")
            if text is None:
                return "!an exception whose text can't be decrypted here" if mark else None
        return mark + text

    def read_result(self, tenant, key, stored, *, scope=SHARED):
        """What the stored text of a result says, such as that of `status`: JSON, `!` and a failure, or None where it can't be read."""
        return self._result(_Held(record_key(tenant, key, scope, self.prefix), tenant, scope, key, "", self.form, "", ""), stored)

    def _decrypted(self, held, text, purpose):
        _, name, sealed = text.split(":", 2)
        key = dict(self.result_keys).get(name)
        if key is None:
            return None
        data = base64.b64decode(sealed)
        try:
            return _text(_aes(key).decrypt(data[:12], data[12:], self._bound_to(held, purpose)))
        except Exception:  # InvalidTag, which is the library's: another key of that id, or another record's result.
            LOG.warning("%s: the stored result can't be decrypted with the key %s", held.key, name)
            return None

    def _encrypted(self, held, data):
        name, key = self.result_keys[0]
        nonce = os.urandom(12)
        sealed = base64.b64encode(nonce + _aes(key).encrypt(nonce, data, self._bound_to(held, "result 1")))
        return f"enc:{name}:".encode() + sealed

    @staticmethod
    def _bound_to(held, purpose):
        """A result is good for its own record alone."""
        texts = [_bytes(text) for text in ("idempotent-trace " + purpose, held.tenant, held.scope or "", held.id)]
        return b"".join(len(text).to_bytes(4, "big") + text for text in texts)

    def _in_form_of(self, held, answer, payload):
        """Where the record's hash is of another form: whether the payload was hashed in that, to be claimed once more."""
        if answer.verdict != "conflict" or answer.form == held.form:
            return False
        other = hash_in(answer.form, payload, self.secrets)
        if other is None or other != answer.hash:
            return False
        held.hash, held.form = other, answer.form
        return True

    def _completion_arguments(self, held, result, trace_id):
        text = "" if result is None else result
        data = _bytes(text)
        digest = response_hash(data, self.secrets) if data else ""
        if len(data) > self.max_result_bytes:
            data = b""
        if data and self.result_keys:
            data = self._encrypted(held, data)
        return [held.owner, self.ttl, trace_id, digest, data]

    def _whole(self, held, arguments):
        """What writes the record whole where Redis has lost it."""
        form = "" if held.form == "python" else held.form
        trace_id = arguments[2] or held.trace_id
        return arguments[:2] + [trace_id] + arguments[3:] + [held.hash, held.tenant, form, "", self.holder]

    def _error_text(self, error):
        if self.store_error == "none":
            return "failed"
        text = type(error).__name__ if isinstance(error, BaseException) else str(error)
        if self.store_error == "full" and isinstance(error, BaseException):
            text += f": {error}"
        return text[:MOST_ERROR_CHARACTERS]

    @staticmethod
    def _checked(reply, step, echo):
        """Each reply ends with what its call gave, and those to fail and renew name their script; another one is another call's."""
        parts = reply if isinstance(reply, list) else [reply]
        last = _text(parts[-1])
        ends = last == echo or len(parts) == 1 and last.endswith(" " + echo)
        anothers = step in NAMED and (len(parts) != 3 or _text(parts[1]) != step) or step == "complete" and len(parts) > 2
        if not ends or anothers:
            raise _OutOfStep("a reply belongs to another call; the connections were closed")
        return reply

    @staticmethod
    def _pause(answer):
        return answer.left_ms / 1000 if answer.left_ms > 0 else POLL_SECONDS_UNHEARD

    @staticmethod
    def _step(reply):
        """applied, absent, gone or refused."""
        return _text(reply[0]) if isinstance(reply, list) else "applied"

    @staticmethod
    def _value(value):
        return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"))

    def _suppressed(self, name, answer):
        """The outcome of a call whose body does not run."""
        if answer.verdict == "in-progress":
            raise InProgress(name, answer)
        if answer.verdict == "conflict":
            raise Conflict(name, answer)
        has_value = answer.result is not None
        if has_value and answer.result.startswith("!"):
            raise FailedForGood(name, answer.result[1:])
        return Outcome(False, json.loads(answer.result) if has_value else None, has_value, answer.trace_id)

    def _ended(self, held, applied):
        if applied == "refused":
            held.lost = True
            LOG.warning("%s: the completion was refused: the lease was lost, and another worker may have run the body too", held.key)

    def _renewed(self, held, applied):
        """Whether the lease is to be renewed again."""
        held.lost = applied == "refused"
        return not held.lost


# ---- threads -------------------------------------------------------------------------------------------------------------------------


class Store(_Base):
    """For threads. Safe for use by many."""

    def eval(self, step, keys, arguments, echo):
        """Runs a script. A command whose reply is lost is sent again, with the same owner: the scripts answer it as the first."""
        deadline = time.monotonic() + self.command_timeout
        rest = [len(keys), *map(_bytes, keys), *map(_bytes, arguments)]
        while True:
            text, sha = self.scripts.of(step)
            try:
                try:
                    reply = self.client.execute_command("EVALSHA", sha, *rest)
                except redis.exceptions.NoScriptError:
                    reply = self.client.execute_command("EVAL", text, *rest)
                return self._checked(reply, step, echo)
            except LOST as lost:
                if isinstance(lost, _OutOfStep):
                    self.client.connection_pool.disconnect()
                if time.monotonic() >= deadline:
                    raise
                time.sleep(RETRY_SECONDS)
            except redis.exceptions.ResponseError as error:
                if not self.scripts.refuses_flags(error):
                    raise

    def _claim(self, held, payload, listens=""):
        while True:
            reply = self.eval("claim", held.keys, self._claim_arguments(held, listens), held.owner)
            answer = self._answer(held, reply)
            if not self._in_form_of(held, answer, payload):
                return answer

    def claim(self, tenant, key, payload, *, scope=SHARED, trace_id="", wait=0.0):
        """Claims the key; waits up to that many seconds while another worker holds it. Whoever gets `new` has to end the claim by
        complete, fail or give_back, and to renew it while it runs."""
        held = self._new_claim(tenant, key, payload, scope, trace_id)
        answer = self._claim(held, payload)
        if answer.verdict != "in-progress" or wait <= 0:
            return answer
        deadline = time.monotonic() + wait
        with contextlib.closing(_Ears(self.client, held.key)) as ears:
            while True:
                # Subscribed first, then claimed again: an end between the two is seen by the claim.
                answer = self._claim(held, payload, ears.listens)
                left = deadline - time.monotonic()
                if answer.verdict != "in-progress" or left <= 0:
                    return answer
                ears.wait(max(0.001, min(left, self._pause(answer))))

    def complete(self, held, result=None, trace_id=""):
        """Completes the record. result: JSON text, or None for none. Returns applied, gone (written whole) or refused."""
        arguments = self._completion_arguments(held, result, trace_id)
        applied = self._step(self.eval("complete", held.keys, arguments, held.owner))
        if applied == "absent":
            applied = self._step(self.eval("complete", held.keys, self._whole(held, arguments), held.owner))
        self._ended(held, applied)
        return applied

    def fail(self, held, error):
        """Marks the record as failed: the key is free at once."""
        arguments = [held.owner, self._error_text(error), self.failed_ttl]
        return self._step(self.eval("fail", held.keys, arguments, held.owner))

    def renew(self, held):
        return self._step(self.eval("renew", held.keys, [held.owner, self.lease_ms], held.owner))

    def give_back(self, held):
        """Deletes the record of a claim whose body did not begin, as if it had never been made."""
        return self.eval("delete", held.keys, [held.owner], held.key)[0] == 1

    def status(self, tenant, key, scope=SHARED):
        """The record's fields as a dict, empty if there is no record, and its TTL in milliseconds."""
        name = record_key(tenant, key, scope, self.prefix)
        ttl, fields, _ = self.eval("status", _keys(name, scope), [], name)
        texts = [_text(part) for part in fields]
        return dict(zip(texts[::2], texts[1::2])), ttl

    @contextlib.contextmanager
    def kept(self, held):
        """Renews the lease, in a thread, for as long as the block runs."""
        done = threading.Event()

        def renew():
            pause = self.lease_ms / 3000
            while not done.wait(pause):
                try:
                    if not self._renewed(held, self.renew(held)):
                        LOG.warning("%s: the lease is lost; another worker may run the body", held.key)
                        return
                    pause = self.lease_ms / 3000
                except redis.exceptions.RedisError as error:
                    LOG.warning("%s: the lease could not be renewed (%s); trying again", held.key, error)
                    pause = self.lease_ms / 30000

        thread = threading.Thread(target=renew, name="idempotent-trace-lease", daemon=True)
        thread.start()
        try:
            yield held
        finally:
            done.set()
            thread.join()

    def run(self, tenant, key, payload, body, *, scope=SHARED, trace_id="", wait=10.0):
        """Runs body(claim) once for the key. Returns an Outcome, or raises InProgress, Conflict, or what the body raised."""
        answer = self.claim(tenant, key, payload, scope=scope, trace_id=trace_id, wait=wait)
        if answer.verdict != "new":
            return self._suppressed(record_key(tenant, key, scope, self.prefix), answer)
        held = answer.claim
        with self.kept(held):
            try:
                value = body(held)
                text = self._value(value)
            except BaseException as error:
                with contextlib.suppress(redis.exceptions.RedisError):
                    # If this does not arrive either, the key is free after the lease.
                    self.fail(held, error)
                raise
            self.complete(held, text)
        return Outcome(True, value, value is not None, trace_id)


class _Ears:
    """Hears of the end of one record. Where it may not subscribe, the wait polls more often."""

    def __init__(self, client, channel):
        self.listens = ""
        self.pubsub = client.pubsub()
        try:
            self.pubsub.subscribe(_bytes(channel))
            if self.pubsub.get_message(timeout=POLL_SECONDS):
                self.listens = "p"
        except redis.exceptions.RedisError:
            pass

    def wait(self, seconds):
        if not self.listens:
            time.sleep(min(seconds, POLL_SECONDS_UNHEARD))
            return
        try:
            self.pubsub.get_message(timeout=min(seconds, POLL_SECONDS))
        except redis.exceptions.RedisError:
            self.listens = ""

    def close(self):
        with contextlib.suppress(redis.exceptions.RedisError):
            self.pubsub.close()


# ---- asyncio -------------------------------------------------------------------------------------------------------------------------


class AsyncStore(_Base):
    """For asyncio, with redis.asyncio.Redis. The methods are those of Store, as coroutines."""

    async def eval(self, step, keys, arguments, echo):
        deadline = time.monotonic() + self.command_timeout
        rest = [len(keys), *map(_bytes, keys), *map(_bytes, arguments)]
        while True:
            text, sha = self.scripts.of(step)
            try:
                try:
                    reply = await self.client.execute_command("EVALSHA", sha, *rest)
                except redis.exceptions.NoScriptError:
                    reply = await self.client.execute_command("EVAL", text, *rest)
                return self._checked(reply, step, echo)
            except LOST as lost:
                if isinstance(lost, _OutOfStep):
                    await self.client.connection_pool.disconnect()
                if time.monotonic() >= deadline:
                    raise
                await asyncio.sleep(RETRY_SECONDS)
            except redis.exceptions.ResponseError as error:
                if not self.scripts.refuses_flags(error):
                    raise

    async def _claim(self, held, payload, listens=""):
        while True:
            reply = await self.eval("claim", held.keys, self._claim_arguments(held, listens), held.owner)
            answer = self._answer(held, reply)
            if not self._in_form_of(held, answer, payload):
                return answer

    async def claim(self, tenant, key, payload, *, scope=SHARED, trace_id="", wait=0.0):
        held = self._new_claim(tenant, key, payload, scope, trace_id)
        answer = await self._claim(held, payload)
        if answer.verdict != "in-progress" or wait <= 0:
            return answer
        deadline = time.monotonic() + wait
        pubsub, listens = self.client.pubsub(), ""
        try:
            with contextlib.suppress(redis.exceptions.RedisError):
                await pubsub.subscribe(_bytes(held.key))
                listens = "p" if await pubsub.get_message(timeout=POLL_SECONDS) else ""
            while True:
                answer = await self._claim(held, payload, listens)
                left = deadline - time.monotonic()
                if answer.verdict != "in-progress" or left <= 0:
                    return answer
                pause = max(0.001, min(left, self._pause(answer)))
                if listens:
                    try:
                        await pubsub.get_message(timeout=min(pause, POLL_SECONDS))
                    except redis.exceptions.RedisError:
                        listens = ""
                else:
                    await asyncio.sleep(min(pause, POLL_SECONDS_UNHEARD))
        finally:
            with contextlib.suppress(redis.exceptions.RedisError):
                await pubsub.close()

    async def complete(self, held, result=None, trace_id=""):
        arguments = self._completion_arguments(held, result, trace_id)
        applied = self._step(await self.eval("complete", held.keys, arguments, held.owner))
        if applied == "absent":
            applied = self._step(await self.eval("complete", held.keys, self._whole(held, arguments), held.owner))
        self._ended(held, applied)
        return applied

    async def fail(self, held, error):
        arguments = [held.owner, self._error_text(error), self.failed_ttl]
        return self._step(await self.eval("fail", held.keys, arguments, held.owner))

    async def renew(self, held):
        return self._step(await self.eval("renew", held.keys, [held.owner, self.lease_ms], held.owner))

    async def give_back(self, held):
        return (await self.eval("delete", held.keys, [held.owner], held.key))[0] == 1

    async def status(self, tenant, key, scope=SHARED):
        name = record_key(tenant, key, scope, self.prefix)
        ttl, fields, _ = await self.eval("status", _keys(name, scope), [], name)
        texts = [_text(part) for part in fields]
        return dict(zip(texts[::2], texts[1::2])), ttl

    @contextlib.asynccontextmanager
    async def kept(self, held):
        async def renew():
            pause = self.lease_ms / 3000
            while True:
                await asyncio.sleep(pause)
                try:
                    if not self._renewed(held, await self.renew(held)):
                        LOG.warning("%s: the lease is lost; another worker may run the body", held.key)
                        return
                    pause = self.lease_ms / 3000
                except redis.exceptions.RedisError as error:
                    LOG.warning("%s: the lease could not be renewed (%s); trying again", held.key, error)
                    pause = self.lease_ms / 30000

        task = asyncio.ensure_future(renew())
        try:
            yield held
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def run(self, tenant, key, payload, body, *, scope=SHARED, trace_id="", wait=10.0):
        """body(claim) is a coroutine function."""
        answer = await self.claim(tenant, key, payload, scope=scope, trace_id=trace_id, wait=wait)
        if answer.verdict != "new":
            return self._suppressed(record_key(tenant, key, scope, self.prefix), answer)
        held = answer.claim
        async with self.kept(held):
            try:
                value = await body(held)
                text = self._value(value)
            except BaseException as error:
                with contextlib.suppress(redis.exceptions.RedisError):
                    await self.fail(held, error)
                raise
            await self.complete(held, text)
        return Outcome(True, value, value is not None, trace_id)
