"""Writes the vectors of CanonicalVectorsTest: documents, and what each canonical form makes of them.

    python3 agent/core/src/test/python/canonical_vectors.py \
        > agent/core/src/test/resources/io/idempotenttrace/core/canonical/canonical-vectors.jsonl

Form "python" is what json.dumps writes, so this file needs CPython 3.8 or newer and nothing else. Form "jcs" is RFC 8785, written
here from its text alone; null where a document has none: integers that no double holds, NaN, infinities, lone surrogates.
The random documents come from one seed, so that each run writes the same file.
"""
import hashlib
import json
import random

SEED = 8785


def python_form(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


class Refused(Exception):
    pass


def jcs_number(number):
    """ECMAScript's Number::toString; repr() gives the same digits in another notation."""
    if number != number or number in (float("inf"), float("-inf")):
        raise Refused
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    n, k = point, len(digits)
    if k <= n <= 21:
        return sign + digits + "0" * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * -n + digits
    exponent = ("+" if n > 0 else "-") + str(abs(n - 1))
    return sign + digits[0] + ("." + digits[1:] if k > 1 else "") + "e" + exponent


def jcs_string(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused
    return json.dumps(text, ensure_ascii=False)


def jcs_form(document):
    if document is None or isinstance(document, bool):
        return json.dumps(document)
    if isinstance(document, str):
        return jcs_string(document)
    if isinstance(document, int):
        try:
            exact = int(float(document)) == document
        except OverflowError:
            exact = False
        if not exact:
            raise Refused
        return jcs_number(float(document))
    if isinstance(document, float):
        return jcs_number(document)
    if isinstance(document, list):
        return "[" + ",".join(jcs_form(element) for element in document) + "]"
    names = sorted(document, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(jcs_string(name) + ":" + jcs_form(document[name]) for name in names) + "}"


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def vector(name, text):
    document = json.loads(text)
    python = python_form(document)
    try:
        jcs = jcs_form(document)
    except Refused:
        jcs = None
    return {"name": name, "input": text, "python": python, "python_sha256": sha256(python),
            "jcs": jcs, "jcs_sha256": jcs and sha256(jcs)}


# What each of these is for is its first part.
BY_HAND = [
    ("empty", "{}"), ("empty", "[]"), ("empty", '""'), ("empty", '{"":""}'), ("empty", "[[],{},[{}]]"),
    ("literal", "null"), ("literal", "true"), ("literal", "false"), ("literal", "[null,true,false]"),
    ("space", ' { "a" : [ 1 , 2 ] ,\n\t"b" : { } }\r\n'),
    ("order", '{"b":1,"a":2,"c":3}'), ("order", '{"a":1,"B":2,"_":3,"0":4}'), ("order", '{"10":1,"9":2,"1":3}'),
    ("order", '{"a":1,"aa":2,"":3,"a\\u0000":4}'), ("order", '{"b":{"d":1,"c":2},"a":[{"z":1,"y":2}]}'),
    ("order of code points, not UTF-16", '{"\\uffff":1,"\\ud83d\\ude00":2,"\\ue000":3,"z":4}'),
    ("order", '{"\\u00e9":1,"e\\u0301":2,"f":3,"e":4}'),
    ("same name twice", '{"a":1,"a":2}'), ("same name twice", '{"a":{"b":1},"a":{"c":2}}'),
    ("escape", '"\\"\\\\\\/\\b\\f\\n\\r\\t"'), ("escape", '"\\u0000\\u0001\\u001f\\u0020\\u007f\\u0080"'),
    ("escape", '"\\u2028\\u2029"'), ("escape", '"</script>&<>\'"'), ("escape", '{"\\n":1,"\\"":2,"\\u007f":3}'),
    ("unicode", '"\\u20ac\\u00e4\\u00df"'), ("unicode", '"\u20ac\u00e4\u00df"'), ("unicode", '"\\ud83d\\ude00"'),
    ("unicode", '"\U0001f600 \U0010ffff"'), ("unicode", '"\ufeff\u200b\u00ad"'), ("unicode", '"e\u0301 \u00e9"'),
    ("unicode", '"\u65e5\u672c\u8a9e \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e2\u05d1\u05e8\u05d9\u05ea"'),
    ("unicode", '"\\uffff\\ufffe\\ufdd0"'),
    ("lone surrogate", '"\\ud800"'), ("lone surrogate", '"a\\udc00b"'), ("lone surrogate", '"\\udc00\\ud800"'),
    ("lone surrogate", '{"\\ud83d":1,"\\ude00":2}'),
    ("integer", "0"), ("integer", "-0"), ("integer", "1"), ("integer", "-1"), ("integer", "2147483648"),
    ("integer", "9007199254740991"), ("integer", "9007199254740992"), ("integer", "9007199254740993"),
    ("integer", "-9007199254740993"), ("integer", "9223372036854775807"), ("integer", "-9223372036854775808"),
    ("integer", "9223372036854775808"), ("integer", "18446744073709551616"), ("integer", "1" + "0" * 21), ("integer", "1" + "0" * 22),
    ("integer", "1" + "0" * 23), ("integer", "7" * 60), ("integer", "-" + "9" * 400),
    ("float", "0.0"), ("float", "-0.0"), ("float", "1.0"), ("float", "-1.5"), ("float", "100.0"), ("float", "0.1"), ("float", "0.3"),
    ("float", "0.30000000000000004"), ("float", "1e0"), ("float", "1E5"), ("float", "1e15"), ("float", "1e16"), ("float", "1e17"),
    ("float", "123456789012345680.0"), ("float", "1e20"), ("float", "1e21"), ("float", "1e22"), ("float", "1e23"), ("float", "2e23"),
    ("float", "9.5e-3"), ("float", "0.0001"), ("float", "0.00001"), ("float", "0.000001"), ("float", "1e-7"), ("float", "1.5e-10"),
    ("float", "5e-324"), ("float", "4.9e-324"), ("float", "1e-323"), ("float", "2.2250738585072014e-308"),
    ("float", "2.225073858507201e-308"), ("float", "1.7976931348623157e308"), ("float", "9007199254740993.0"),
    ("float", "4503599627370495.5"), ("float", "4503599627370496.5"), ("float", "179769313486231570000.0"), ("float", "1e400"),
    ("float", "-1e400"), ("float", "1e-400"), ("float", "1.0000000000000002"), ("float", "0.1000000000000000055511151231257827"),
    ("not a number", "NaN"), ("not a number", "Infinity"), ("not a number", "-Infinity"), ("not a number", '{"a":[NaN,1]}'),
    ("integer or float", "[1,1.0,100,1e2,-0,-0.0]"),
    ("deep", "[" * 100 + "]" * 100), ("deep", '{"a":' * 100 + "1" + "}" * 100),
    ("wide", "[" + ",".join(str(i) for i in range(300)) + "]"),
]

ALPHABETS = ["abcdefghij_-.", "abc\u00e9\u20ac\u0416\u4e2d", "a\U0001f600\U0001d11e\uffee", "\"\\/\b\n\t\u0001\u007f\u2028"]


def random_text(source):
    alphabet = source.choice(ALPHABETS)
    return "".join(source.choice(alphabet) for _ in range(source.randrange(9)))


def random_number(source):
    kind = source.randrange(5)
    if kind == 0:
        return source.randrange(-1000, 1000)
    if kind == 1:
        return source.randrange(-2**63, 2**63)
    if kind == 2:
        return round(source.uniform(-1e6, 1e6), source.randrange(4))
    if kind == 3:
        return source.random() * 10.0 ** source.randrange(-300, 300)
    return float(source.randrange(-2**60, 2**60)) / 2 ** source.randrange(70)


def random_document(source, depth):
    kind = source.randrange(7 if depth else 4)
    if kind == 0:
        return random_text(source)
    if kind in (1, 2):
        return random_number(source)
    if kind == 3:
        return source.choice([None, True, False])
    if kind == 4:
        return [random_document(source, depth - 1) for _ in range(source.randrange(5))]
    return {random_text(source): random_document(source, depth - 1) for _ in range(source.randrange(7))}


def random_hex(source, digits):
    return "%0*x" % (digits, source.getrandbits(4 * digits))


def random_span(source):
    """A span as tracers emit it."""
    start = 1_700_000_000_000_000_000 + source.randrange(10**17)
    return {
        "traceId": random_hex(source, 32), "spanId": random_hex(source, 16),
        "parentSpanId": random_hex(source, 16) if source.random() < 0.7 else None,
        "name": source.choice(["GET /orders/{id}", "kafka.send", "SELECT orders", "Zahlung pr\u00fcfen"]),
        "kind": source.choice(["SERVER", "CLIENT", "PRODUCER"]),
        "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + source.randrange(10**9)),
        "duration": source.randrange(10**7) / 1000,
        "attributes": {"http.response.status_code": source.choice([200, 404, 503]), "sampling.ratio": source.random(),
                       "messaging.system": "kafka", "retry": source.random() < 0.5},
        "events": [{"name": "exception", "attributes": {"exception.message": random_text(source)}}
                   for _ in range(source.randrange(3))],
    }


def documents():
    for name, text in BY_HAND:
        yield name, text
    source = random.Random(SEED)
    for _ in range(80):
        yield "span", json.dumps(random_span(source), ensure_ascii=source.random() < 0.5)
    for _ in range(240):
        yield "random", json.dumps(random_document(source, 4), ensure_ascii=source.random() < 0.5)


if __name__ == "__main__":
    for number, (name, text) in enumerate(documents(), 1):
        print(json.dumps(vector("%d %s" % (number, name), text)))
