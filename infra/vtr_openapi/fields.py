"""Fields with rule and example, as parts of the page."""

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from markdown_it import MarkdownIt

Schema = Mapping[str, Any]

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def markdown(text: str) -> str:
    return str(_MARKDOWN.render(text))


def inline(text: str) -> str:
    return str(_MARKDOWN.renderInline(text))


def anchor(text: str) -> str:
    return text.lower().replace(" ", "-")


class Fields:
    """The fields of a description's types.

    Request fields are shown at their operation. Response types are often shared, so they have a
    section of their own.
    """

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Schema] = description["components"]["schemas"]
        self._sent = set(self._reached(_bodies(description)))

    def parameters(self, parameters: Iterable[Mapping[str, Any]]) -> str:
        rows = [
            self._row(one["name"], {**one["schema"], **_description_of(one)}, _need(one), one["in"])
            for one in parameters
        ]
        return f"<h4>Parameters</h4><dl>{''.join(rows)}</dl>" if rows else ""

    def body(self, body: Mapping[str, Any] | None) -> str:
        if body is None:
            return ""
        parts = ["<h4>Body</h4>" if body["required"] else "<h4>Body, if any</h4>"]
        for media_type, content in body["content"].items():
            schema = content["schema"]
            kinds = [_name(one) for one in schema.get("oneOf", [schema]) if "$ref" in one]
            parts.extend(f"<p class='soft'>or</p>{self._rows(kind)}" for kind in kinds)
            if not kinds:
                example = escape(content["example"], quote=False)
                parts.append(
                    f"<p>or <code>{media_type}</code></p><pre><code>{example}</code></pre>"
                )
        return "".join(parts).replace("<p class='soft'>or</p>", "", 1)

    def types(self) -> Iterator[str]:
        """Yield every response type: its fields, or its values."""
        for name, schema in self._schemas.items():
            if name in self._sent:
                continue
            values = " ".join(f"<code>{value}</code>" for value in schema.get("enum", ()))
            description = inline(schema.get("description", ""))
            yield f'<article id="{name}"><h3>{name}</h3><p>{description}</p>'
            yield self._rows(name) if "properties" in schema else f"<p>{values}</p>"
            yield "</article>"

    def kind(self, schema: Schema) -> str:
        """Return what a schema is, in a word; for a type of its own, a link to it."""
        for several in ("oneOf", "anyOf"):
            if several in schema:
                return " or ".join(self.kind(one) for one in schema[several])
        if "$ref" in schema:
            name = _name(schema)
            return "object" if name in self._sent else f'<a href="#{name}">{name}</a>'
        if schema.get("type") == "array":
            return f"list of {self.kind(schema['items'])}"
        if "additionalProperties" in schema:
            return f"object of {self.kind(schema['additionalProperties'])}s"
        kinds = schema.get("type", "anything")
        kind = " or ".join([kinds] if isinstance(kinds, str) else kinds)
        return kind.replace("string", schema.get("format", "text"))

    def _rows(self, name: str) -> str:
        schema = self._schemas[name]
        optional = "" if name in self._sent else "may be missing"
        need = "<em>required</em>" if name in self._sent else ""
        rows = (
            self._row(field, rule, need if field in schema["required"] else optional)
            for field, rule in schema["properties"].items()
        )
        return f"<dl>{''.join(rows)}</dl>"

    def _row(self, name: str, schema: Schema, need: str, place: str = "") -> str:
        small = ", ".join(filter(None, (self.kind(schema), place and f"in the {place}", need)))
        inside = [kind for kind in _inside(schema) if kind in self._sent]
        below = "".join(self._rows(kind) for kind in inside)
        if inside and "description" not in schema:
            schema = {**schema, "description": self._schemas[inside[0]].get("description", "")}
        return (
            f"<div><dt><code>{name}</code> <small>{small}</small></dt>"
            f"<dd>{inline(schema.get('description', ''))}{_rules(schema)}</dd>{below}</div>"
        )

    def _reached(self, schemas: Iterable[Schema]) -> Iterator[str]:
        """Yield the structs that these schemas contain, and those that they contain in turn."""
        for schema in schemas:
            for name in _inside(schema):
                if fields := self._schemas[name].get("properties"):
                    yield name
                    yield from self._reached(fields.values())


def _bodies(description: Mapping[str, Any]) -> Iterator[Schema]:
    for methods in description["paths"].values():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield content["schema"]


def _need(parameter: Mapping[str, Any]) -> str:
    return "<em>required</em>" if parameter["required"] else ""


def _rules(schema: Schema) -> str:
    rules = []
    values = [str(value) for value in schema.get("enum", ()) if value is not None]
    if not all(value in schema.get("description", "").lower() for value in values):
        rules.append(" ".join(f"<code>{escape(value)}</code>" for value in values))
    if "default" in schema:
        rules.append(f"By default <code>{escape(_plain(schema['default']))}</code>")
    elif schema.get("examples") and not values:
        rules.append(f"For example <code>{escape(_plain(schema['examples'][0]))}</code>")
    return "".join(f"<small>{one}</small>" for one in rules)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _inside(schema: Schema) -> Iterator[str]:
    several = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
    for one in (schema, schema.get("items", {}), *several):
        if "$ref" in one:
            yield _name(one)


def _name(schema: Schema) -> str:
    return str(schema["$ref"].rpartition("/")[2])


def _description_of(one: Mapping[str, Any]) -> Schema:
    return {"description": one["description"]} if "description" in one else {}
