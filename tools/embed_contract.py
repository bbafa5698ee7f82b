#!/usr/bin/env python3
"""embed_contract.py DOCS OUT.cpp: makes the C++ source that holds docs/openapi.yaml, docs/errors.md and a page of the contract
(backend/app/embedded_contract.h). Needs python3-yaml."""

import base64
import hashlib
import html
import pathlib
import sys

import yaml

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1c2430; background: #fff }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #cbd2dc }
h3 { margin: 1.5rem 0 0; font-size: 1rem }
h3 b { display: inline-block; min-width: 4.5rem; text-transform: uppercase; color: #1d4f91 }
code, pre { font-family: ui-monospace, monospace; font-size: .9em }
pre { white-space: pre-wrap; background: #f3f5f8; padding: .75rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
td, th { border: 1px solid #dde2ea; padding: .2rem .5rem; text-align: left; vertical-align: top }
p { margin: .25rem 0 }
@media (prefers-color-scheme: dark) {
  body { color: #dfe5ee; background: #14181f }
  h3 b { color: #8ab8f5 }
  pre { background: #1e242e }
  td, th { border-color: #38414f }
}
"""


class Page:
    def __init__(self, document):
        self.document = document
        self.parts = []

    def resolved(self, thing):
        while isinstance(thing, dict) and "$ref" in thing:
            target = self.document
            for step in thing["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            thing = target
        return thing

    def write(self, text):
        self.parts.append(text)

    def text(self, tag, content):
        self.write(f"<{tag}>{html.escape(str(content))}</{tag}>")

    def table(self, head, rows):
        if not rows:
            return
        self.write("<table><tr>" + "".join(f"<th>{html.escape(cell)}</th>" for cell in head) + "</tr>")
        for row in rows:
            self.write("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>")
        self.write("</table>")

    def type_of(self, schema):
        """A schema in one line; named ones as links."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return f'<a href="#schema-{html.escape(name)}">{html.escape(name)}</a>'
        for key in ("oneOf", "anyOf", "allOf"):
            if key in schema:
                return (" and " if key == "allOf" else " or ").join(self.type_of(each) for each in schema[key])
        if "const" in schema:
            return html.escape(repr(schema["const"]))
        if "enum" in schema:
            return html.escape(" | ".join(str(value) for value in schema["enum"]))
        kind = schema.get("type", "any")
        kind = " or ".join(kind) if isinstance(kind, list) else kind
        if kind == "array":
            return "list of " + self.type_of(schema.get("items", {}))
        return html.escape(kind + (f" ({schema['format']})" if "format" in schema else ""))

    def contents(self, content):
        return ", ".join(f"{html.escape(kind)}: {self.type_of(of.get('schema', {}))}" for kind, of in (content or {}).items())

    def operation(self, path, method, operation, shared):
        self.write(f"<h3><b>{method}</b> <code>{html.escape(path)}</code></h3>")
        self.text("p", operation.get("summary", ""))
        if "description" in operation:
            self.text("p", operation["description"])
        self.text("p", "Who: " + ", ".join(operation.get("x-korrigo-rights", [])))
        parameters = [self.resolved(each) for each in shared + operation.get("parameters", [])]
        self.table(["Parameter", "In", "Type", ""], [
            (f"<code>{html.escape(each['name'])}</code>", each["in"], self.type_of(each.get("schema", {})),
             html.escape(each.get("description", ""))) for each in parameters])
        if "requestBody" in operation:
            self.write(f"<p>Takes {self.contents(self.resolved(operation['requestBody']).get('content'))}</p>")
        rows = []
        for status, response in operation.get("responses", {}).items():
            response = self.resolved(response)
            codes = ", ".join(operation.get("x-korrigo-codes", {}).get(status, []))
            rows.append((status, html.escape(response.get("description", "")) + (f" <code>{html.escape(codes)}</code>" if codes else ""),
                         self.contents(response.get("content"))))
        self.table(["Status", "", "Answer"], rows)

    def schema(self, name, schema):
        self.write(f'<h3 id="schema-{html.escape(name)}">{html.escape(name)}</h3>')
        if "description" in schema:
            self.text("p", schema["description"])
        if "properties" not in schema:
            self.write(f"<p>{self.type_of(schema)}</p>")
            return
        required = schema.get("required", [])
        self.table(["Property", "Type", ""], [
            (f"<code>{html.escape(field)}</code>" + ("" if field in required else " (optional)"), self.type_of(of),
             html.escape(of.get("description", ""))) for field, of in schema["properties"].items()])

    def render(self):
        info = self.document["info"]
        title = html.escape(f"{info['title']} {info['version']}")
        self.write(f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
                   f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>")
        self.write('<p>The contract as data: <a href="/api/schema/">/api/schema/</a></p>')
        self.text("pre", info["description"])
        paths = self.document["paths"].items()
        for tag in self.document["tags"]:
            self.text("h2", tag["description"])
            for path, item in paths:
                for method in METHODS:
                    if tag["name"] in item.get(method, {}).get("tags", []):
                        self.operation(path, method, item[method], item.get("parameters", []))
        sockets = self.document.get("x-websockets", {})
        self.text("h2", "WebSockets")
        self.text("p", sockets.get("description", ""))
        for path, channel in sockets.get("channels", {}).items():
            self.write(f"<h3><code>{html.escape(path)}</code></h3><p>Who: {html.escape(', '.join(channel['x-korrigo-rights']))}</p>")
            self.text("p", channel.get("description", ""))
            self.write(f"<p>Message: {self.type_of(channel['message'])}</p>")
        self.text("h2", "Schemas")
        for name, schema in self.document["components"]["schemas"].items():
            self.schema(name, schema)
        self.write("</body></html>")
        return "".join(self.parts)


def literal(text):
    """Pieces that every compiler takes."""
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)]
    return "\n".join(f'R"korrigo({piece})korrigo"' for piece in pieces)


def main():
    docs, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    contract = (docs / "openapi.yaml").read_text(encoding="utf-8")
    style_hash = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    texts = {
        "contract_document": contract,
        "contract_page": Page(yaml.safe_load(contract)).render(),
        "contract_page_policy": f"default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'; "
                                "frame-ancestors 'none'",
        "errors_document": (docs / "errors.md").read_text(encoding="utf-8"),
    }
    functions = "".join(f"std::string_view {name}() {{\n  return {literal(text)};\n}}\n\n" for name, text in texts.items())
    out.write_text('#include "app/embedded_contract.h"\n\nnamespace korrigo::app {\n\n' + functions + "}  // namespace korrigo::app\n",
                   encoding="utf-8")


if __name__ == "__main__":
    main()
