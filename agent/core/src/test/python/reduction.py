"""Of each line with a document, pointers and whether nulls are dropped: the hash of what is left, or 'nothing'."""
import hashlib
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "main", "spec"))
sys.dont_write_bytecode = True
from reduced import NothingIncluded, reduced  # noqa: E402

for line in sys.stdin:
    case = json.loads(line)
    try:
        left = reduced(case["document"], case["include"], case["exclude"], case["drop"])
    except NothingIncluded:
        print("nothing")
        continue
    text = json.dumps(left, sort_keys=True, separators=(",", ":"))
    print(hashlib.sha256(text.encode()).hexdigest())
