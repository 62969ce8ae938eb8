"""Writes the vectors of CanonicalVectorsTest and CanonicalFormVectorsTest: documents, and what each canonical form makes of them.

    cd agent/core/src/test
    python3 python/canonical_vectors.py > resources/io/idempotenttrace/core/canonical/canonical-vectors.jsonl
    python3 python/canonical_vectors.py forms > resources/io/idempotenttrace/core/canonical/canonical-form-vectors.jsonl
    python3 python/canonical_vectors.py random COUNT SEED      # hashes alone, for PythonItselfTest

The forms that begin with "python" are what json.dumps writes, so this file needs CPython 3.8 or newer and nothing else. Form "jcs" is
RFC 8785, written here from its text alone. A form is null where a document has none: "jcs" for integers that no double holds, NaN and
infinities, "jcs" and "python-unicode" for lone surrogates. Values that JSON has no type for are in documents of "python-str" alone. Such
a value stands in the input as an object of one member, whose name begins with "$" and is its type.
The random documents come from one seed, so that each run writes the same file.
"""
import base64
import datetime
import decimal
import enum
import hashlib
import json
import random
import sys
import uuid

SEED = 8785


class Color(enum.Enum):
    RED = 1
    GREEN = 2


def python_form(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def python_str_form(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":"), default=str)


def python_unicode_form(document):
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused
    return text


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


# Values that JSON has no type for, by the name that stands for the type in the input.
TYPES = {
    "$datetime": datetime.datetime.fromisoformat,
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$timedelta": lambda parts: datetime.timedelta(days=parts[0], seconds=parts[1], microseconds=parts[2]),
    "$decimal": decimal.Decimal,
    "$bytes": base64.b64decode,
    "$uuid": uuid.UUID,
    "$enum": Color.__getitem__,
}


def typed(members):
    """The hook of json.loads that turns such an object into the value."""
    name = next(iter(members), None)
    return TYPES[name](members[name]) if len(members) == 1 and name in TYPES else members


OFFSETS = ["", "", "+00:00", "+00:00", "+02:00", "-05:30", "+05:45", "-00:44:30", "+18:00"]


def random_micros(source):
    return source.choice(["", "", ".%06d" % source.randrange(10**6), ".%06d" % (1000 * source.randrange(1000))])


def random_clock(source):
    return "%02d:%02d:%02d" % (source.randrange(24), source.randrange(60), source.randrange(60)) + random_micros(source)


def random_day(source):
    year = source.choice([1, 999, 1969, 1970, 2026, 2024, 9999, source.randrange(1, 10000)])
    return "%04d-%02d-%02d" % (year, source.randrange(1, 13), source.randrange(1, 29))


def random_decimal(source):
    digits = str(source.randrange(10 ** source.randrange(1, 25)))
    sign = source.choice(["", "", "-"]) if digits != "0" else ""
    point = source.randrange(len(digits) + 1)
    return source.choice([
        sign + digits,
        sign + (digits[:point] or "0") + "." + (digits[point:] or "0"),
        sign + digits + "E%+d" % source.randrange(-30, 30),
        sign + digits + "." + "0" * source.randrange(1, 8),
    ])


def random_typed(source):
    name = source.choice(list(TYPES))
    value = {
        "$datetime": lambda: random_day(source) + "T" + random_clock(source) + source.choice(OFFSETS),
        "$date": lambda: random_day(source),
        "$time": lambda: random_clock(source) + source.choice(OFFSETS),
        "$timedelta": lambda: [source.choice([0, 0, 1, -1, 2, -2, source.randrange(-10**6, 10**6)]),
                               source.randrange(-90000, 90000), source.choice([0, source.randrange(-10**6, 10**6)])],
        "$decimal": lambda: random_decimal(source),
        "$bytes": lambda: base64.b64encode(random_bytes(source)).decode("ascii"),
        "$uuid": lambda: str(uuid.UUID(int=source.getrandbits(128))),
        "$enum": lambda: source.choice(["RED", "GREEN"]),
    }[name]()
    if name == "$decimal" and float(value) == 0:
        value = value.replace("-", "", 1) if value.startswith("-") else value  # Java has no negative zero there.
    return {name: value}


def random_bytes(source):
    alphabet = source.choice([bytes(range(256)), b"abc'", b'ab"c', b"'\"\\\t\n\r\x00\x7f\xff"])
    return bytes(source.choice(alphabet) for _ in range(source.randrange(12)))


def with_typed(source, document):
    """The document with some of its scalars replaced."""
    if isinstance(document, list):
        return [with_typed(source, element) for element in document] + [random_typed(source)]
    if isinstance(document, dict):
        return {name: with_typed(source, member) for name, member in document.items()}
    return random_typed(source) if source.random() < 0.6 else document


def loose(source, document):
    """JSON text whose numbers are written in any notation."""
    if isinstance(document, float) and document == document and abs(document) != float("inf"):
        return source.choice([repr, lambda x: "%.20e" % x, lambda x: "%.17E" % x, lambda x: "%.3f" % x, lambda x: "%.30g" % x])(document)
    if isinstance(document, list):
        return "[" + ",".join(loose(source, element) for element in document) + "]"
    if isinstance(document, dict):
        return "{" + ", ".join(json.dumps(name) + ": " + loose(source, member) for name, member in document.items()) + "}"
    return json.dumps(document, ensure_ascii=source.random() < 0.5)


FORMS = {"python": python_form, "python-str": python_str_form, "python-unicode": python_unicode_form, "jcs": jcs_form}


def texts(text):
    """What each form makes of a document; of one that has other values than JSON's, "python-str" alone."""
    document = json.loads(text, object_hook=typed)
    written = {}
    for name, form in FORMS.items():
        if name == "python-str" or "\"$" not in text:
            try:
                written[name] = form(document)
            except Refused:
                written[name] = None
    return written


TYPED_BY_HAND = [
    '{"$datetime":"2026-01-02T03:04:05+00:00"}', '{"$datetime":"2026-01-02T03:04:05.000001+00:00"}',
    '{"$datetime":"2026-01-02T03:04:05.100000+00:00"}', '{"$datetime":"2026-01-02T00:00:00+02:00"}',
    '{"$datetime":"2026-01-02T00:00:00-00:44:30"}', '{"$datetime":"2026-01-02T03:04:00"}', '{"$datetime":"0001-01-01T00:00:00"}',
    '{"$datetime":"9999-12-31T23:59:59.999999"}', '{"$date":"2026-01-02"}', '{"$date":"0001-01-01"}', '{"$time":"03:04:00"}',
    '{"$time":"00:00:00.000100"}', '{"$time":"03:04:05+02:00"}', '{"$time":"03:04:05+00:00"}', '{"$timedelta":[0,0,0]}',
    '{"$timedelta":[1,1,500000]}', '{"$timedelta":[2,0,0]}', '{"$timedelta":[-1,0,0]}', '{"$timedelta":[0,-1,0]}',
    '{"$timedelta":[0,0,-1]}', '{"$timedelta":[-2,3600,1]}', '{"$timedelta":[0,36000,0]}', '{"$timedelta":[999999999,86399,999999]}',
    '{"$timedelta":[-999999999,0,0]}', '{"$decimal":"1"}', '{"$decimal":"1.0"}', '{"$decimal":"1.00"}', '{"$decimal":"0E-9"}',
    '{"$decimal":"0.0000001"}', '{"$decimal":"0.000001"}', '{"$decimal":"1E+3"}', '{"$decimal":"-1.50E-12"}', '{"$decimal":"0E+5"}',
    '{"$decimal":"12345678901234567890.123456789"}', '{"$decimal":"0.00"}', '{"$bytes":""}', '{"$bytes":"AAH/"}', '{"$bytes":"Jw=="}',
    '{"$bytes":"Jyc="}', '{"$bytes":"IiI="}', '{"$bytes":"Iic="}', '{"$bytes":"XAkKDX8gfg=="}',
    '{"$uuid":"00000000-0000-0001-0000-000000000002"}', '{"$enum":"RED"}', '{"a":[{"$enum":"GREEN"},{"$date":"2026-01-02"}],"b":1.5}',
]


def form_documents():
    for name, text in BY_HAND:
        yield name, text
    for text in TYPED_BY_HAND:
        yield "typed", text
    source = random.Random(SEED + 1)
    for _ in range(150):
        yield "random", loose(source, random_document(source, 3))
    for _ in range(250):
        yield "random typed", loose(source, with_typed(source, random_document(source, 3)))


def narrow(document):
    """The document with integers that doubles hold."""
    if isinstance(document, list):
        return [narrow(element) for element in document]
    if isinstance(document, dict):
        return {name: narrow(member) for name, member in document.items()}
    return document >> 11 if type(document) is int and abs(document) > 2**53 else document


def random_lines(count, seed):
    source = random.Random(seed)
    for number in range(2 * count):
        document = [random_document(source, 4) for _ in range(3)] + ["\ud800"] * (source.random() < 0.02)
        document = narrow(document) if source.random() < 0.9 else document
        text = loose(source, document if number % 2 == 0 else [with_typed(source, document), random_typed(source)])
        yield {"input": text, **{name: written and sha256(written) for name, written in texts(text).items()}}


def main(arguments):
    if not arguments:
        for number, (name, text) in enumerate(documents(), 1):
            print(json.dumps(vector("%d %s" % (number, name), text)))
    elif arguments[0] == "forms":
        for number, (name, text) in enumerate(form_documents(), 1):
            written = {form: canonical for form, canonical in texts(text).items() if form in ("python-str", "python-unicode")}
            hashes = {form + "_sha256": canonical and sha256(canonical) for form, canonical in written.items()}
            print(json.dumps({"name": "%d %s" % (number, name), "input": text, **written, **hashes}))
    else:
        for line in random_lines(int(arguments[1]), int(arguments[2])):
            print(json.dumps(line))


if __name__ == "__main__":
    main(sys.argv[1:])
