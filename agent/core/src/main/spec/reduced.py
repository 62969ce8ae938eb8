"""What the agent hashes of a JSON document, where include, exclude or null-members leave a part of it out.

Pointers are lists of names, such as ["items", "*", "sku"]; "*" is any one level. Hash json.dumps(reduced(...), sort_keys=True,
separators=(",", ":")) as ever. A document of which reduced() finds no included place must not be hashed: all such documents would
hash alike.
"""


class NothingIncluded(ValueError):
    """The document has none of the included places."""


_EXCLUDED = object()
_NOT_INCLUDED = object()


def reduced(document, include=(), exclude=(), drop_nulls=False):
    """The part of the document that is hashed; raises NothingIncluded."""
    found = []
    left = _left(document, list(include) or None, list(exclude), drop_nulls, found)
    if include and not found:
        raise NothingIncluded("none of the included places is there: %r" % (include,))
    return left


def _below(pointers, name):
    return None if pointers is None else [p[1:] for p in pointers if p and p[0] in (name, "*")]


def _left(value, include, exclude, drop_nulls, found):
    """include is None where all is included; each list has what is left of the pointers that lead here."""
    if [] in exclude:
        return _EXCLUDED
    if include is not None and not include:
        return _NOT_INCLUDED
    if include is not None and [] in include:
        include = None
        found.append(True)
    if isinstance(value, dict):
        members = {}
        for name, member in value.items():
            if member is None and drop_nulls:
                continue
            member = _left(member, _below(include, name), _below(exclude, name), drop_nulls, found)
            if member is not _EXCLUDED and member is not _NOT_INCLUDED:
                members[name] = member
        return members
    if isinstance(value, list):
        elements, end = [], 0
        for index, element in enumerate(value):
            name = str(index)
            element = _left(element, _below(include, name), _below(exclude, name), drop_nulls, found)
            if element is _NOT_INCLUDED:
                elements.append(None)
            elif element is not _EXCLUDED:
                elements.append(element)
                end = len(elements)
        return elements[:end]
    return value
