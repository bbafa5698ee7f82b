"""Answers held against docs/openapi.yaml: path, status, media type, headers, body, and the code of every error."""

import json
import re
from functools import lru_cache
from pathlib import Path

import jsonschema
import yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROLES = ("admin", "teacher", "student", "anonymous")
# Codes any operation may answer with; those of the path's rows (exam.not_found, ...) are added by their ending.
COMMON_CODES = {
    "400": {"request.malformed", "request.target", "request.incomplete", "request.json", "request.not_an_object", "request.form", "request.invalid",
            "form.boundary", "form.no_part", "form.delimiter", "form.part_header", "form.part_name", "form.truncated", "form.field_text"},
    "401": {"auth.required"},
    "403": {"auth.forbidden", "auth.password_change_required", "csrf.failed", "request.foreign_origin"},
    "404": {"page.not_found", "request.not_found"},
    "405": {"request.method_not_allowed"},
    "413": {"request.too_large", "form.field_too_large", "form.file_too_large", "form.too_many_parts"},
    "415": {"request.type"},
    "416": {"file.range"},
    "426": {"request.upgrade_required"},
    "429": {"limits.too_many_requests"},
    "431": {"request.header_too_large"},
    "500": {"server.error"},
    "501": {"request.method"},
    "503": {"server.busy", "server.unavailable"},
}

# The only 400 of an operation that documents none: what is wrong before the operation is known.
BEFORE_ROUTING = {"request.malformed", "request.target", "request.incomplete"}

FORMATS = jsonschema.FormatChecker(formats=())


def _format(name, pattern):
    expression = re.compile(pattern)
    FORMATS.checks(name)(lambda value: not isinstance(value, str) or bool(expression.fullmatch(value)))


_format("uuid", r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_format("date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_format("date-time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class ContractBroken(AssertionError):
    """The server said what the contract does not."""


def _close(schema):
    """Objects have exactly the listed properties unless the contract says otherwise."""
    if isinstance(schema, list):
        for item in schema:
            _close(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            schema.setdefault("additionalProperties", False)
        for item in schema.values():
            _close(item)


@lru_cache(maxsize=None)
def document():
    return yaml.load((DOCS / "openapi.yaml").read_text(), yaml.CSafeLoader)


@lru_cache(maxsize=None)
def error_table():
    """code -> its statuses, from docs/errors.md."""
    rows = re.findall(r"^\| ([a-z_]+\.[a-z_]+) \| ([0-9 /]+) \|", (DOCS / "errors.md").read_text(), re.M)
    return {code: statuses.split(" / ") for code, statuses in rows}


@lru_cache(maxsize=None)
def _document_for(role):
    """The contract as one role meets it: schemas that differ by role become that role's, and every object is closed."""
    ours = json.loads(json.dumps(document(), default=str))
    schemas = ours["components"]["schemas"]
    for name, schema in schemas.items():
        if role in schema.get("x-korrigo-by-role", {}):
            schemas[name] = {"$ref": f"#/components/schemas/{schema['x-korrigo-by-role'][role]}"}
    _close(schemas)
    return ours


@lru_cache(maxsize=None)
def _validator(role, pointer):
    resolver = jsonschema.RefResolver("", _document_for(role))
    return jsonschema.Draft202012Validator({"$ref": pointer}, resolver=resolver, format_checker=FORMATS)


def check_value(value, pointer, role="admin", where=""):
    """`value` against the schema at `pointer` ("#/components/schemas/Exam")."""
    faults = sorted(_validator(role, pointer).iter_errors(value), key=lambda fault: len(fault.absolute_path))
    if faults:
        told = [f"{'/'.join(map(str, fault.absolute_path)) or 'body'}: {fault.message[:300]}" for fault in faults[:4]]
        raise ContractBroken(f"{where}: not as the contract says:\n  " + "\n  ".join(told))


@lru_cache(maxsize=None)
def _patterns(section):
    templates = document()["paths"] if section == "paths" else document()["x-websockets"]["channels"]
    compiled = []
    for template in templates:
        expression = re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(template.rstrip("/")))
        compiled.append((template.count("{"), re.compile(expression + "/?"), template))
    return sorted(compiled, key=lambda entry: entry[0])  # a literal segment wins over a parameter


def template_of(path, section="paths"):
    """The contract's template for a concrete path (without query), or None."""
    return next((template for _, expression, template in _patterns(section) if expression.fullmatch(path)), None)


def operations():
    """(method, template, operation) of every operation, in the order of the document."""
    for template, item in document()["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method, template, operation


def _resolve(node):
    while "$ref" in node:
        target = document()
        for step in node["$ref"][2:].split("/"):
            target = target[step]
        node = target
    return node


def _check_code(operation, status, body, where):
    code = body["code"]
    if code not in error_table():
        raise ContractBroken(f"{where}: {code} is not in errors.md")
    if status not in error_table()[code]:
        raise ContractBroken(f"{where}: {code} has status {error_table()[code]}, not {status}")
    allowed = set(operation.get("x-korrigo-codes", {}).get(status, ())) | COMMON_CODES.get(status, set())
    if code not in allowed and not (status == "404" and code.endswith(".not_found")):
        raise ContractBroken(f"{where}: {code} is not documented for this operation")


def _content_schema(template, method, status, media, response):
    """The JSON pointer of the schema, None for no body; a media type that is not documented is a fault."""
    contents = response.get("content")
    if not contents:
        return None
    if media not in contents:
        raise ContractBroken(f"{method.upper()} {template} -> {status}: {media or 'no media type'} instead of {', '.join(contents)}")
    return contents[media]["schema"].get("$ref", "")


def check_answer(method, path, status, headers, body, role="admin"):
    """Raises ContractBroken unless the contract has this answer. `headers`: names in lower case; `path` without query."""
    method, status = method.lower(), str(status)
    where = f"{method.upper()} {path} -> {status}"
    for name in ("x-request-id", "x-response-time-ms"):
        if name not in headers:
            raise ContractBroken(f"{where}: no {name}")
    template = template_of(path)
    if template is None:
        raise ContractBroken(f"{where}: the contract has no such path")
    item = document()["paths"][template]
    operation = item.get(method) or (item.get("get") if method == "head" else None)
    if operation is None and status != "405" and method != "options":
        raise ContractBroken(f"{where}: the contract has no such method on {template}")
    responses = (operation or {}).get("responses", {})
    if status not in responses:
        if status not in document()["x-korrigo-common-responses"] and method != "options":
            raise ContractBroken(f"{where}: status not documented for {method} {template}; body {body[:300]!r}")
        _check_common(method, status, headers, body, where)
        return
    response = _resolve(responses[status])
    for name, header in response.get("headers", {}).items():
        if header.get("required") and name.lower() not in headers:
            raise ContractBroken(f"{where}: no {name}")
    if method == "head":
        return
    media = headers.get("content-type", "").split(";")[0].strip()
    pointer = _content_schema(template, method, status, media, response)
    if pointer is None:
        if body:
            raise ContractBroken(f"{where}: a body where none is documented: {body[:200]!r}")
    elif media == "application/json":
        value = json.loads(body)
        check_value(value, pointer, role, where)
        if pointer.endswith("/Error"):
            _check_code(operation, status, value, where)


def _check_common(method, status, headers, body, where):
    if status == "304" or method in ("head", "options"):
        if body:
            raise ContractBroken(f"{where}: a body where there can be none")
    else:
        value = json.loads(body)
        check_value(value, "#/components/schemas/Error", where=where)
        _check_code({}, status, value, where)
        if status == "400" and value["code"] not in BEFORE_ROUTING:
            raise ContractBroken(f"{where}: status not documented; body {body[:300]!r}")
        if status in ("429", "503") and not headers.get("retry-after", "").isdigit():
            raise ContractBroken(f"{where}: no Retry-After")


def check_message(path, value, role="admin"):
    """A WebSocket message against the channel it came on."""
    template = template_of(path, "channels")
    if template is None:
        raise ContractBroken(f"{path}: the contract has no such channel")
    check_value(value, document()["x-websockets"]["channels"][template]["message"]["$ref"], role, path)
