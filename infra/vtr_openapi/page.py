"""The description as a page to read: one file that loads nothing and needs no script."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

from vtr_openapi.examples import reasons
from vtr_openapi.fields import Fields, anchor, inline, markdown

Described = Mapping[str, Any]
FIRST_REFUSAL = "400"


def page(description: Described) -> str:
    style, script = (_read(f"page.{kind}") for kind in ("css", "js"))
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    info = description["info"]
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            f"<title>{info['title']}: the HTTP API</title>",
            f'<meta name="description" content="{escape(info["summary"])}">',
            f"<style>{style}</style>",
            "</head>",
            '<body><div class="layout">',
            _contents(description),
            f"<main><h1>{info['title']}</h1>",
            f'<p class="lead">{inline(info["summary"])} The HTTP API, version {info["version"]}.',
            'For programs: <a href="openapi.json">openapi.json</a></p>',
            f'<div class="guide">{markdown(info["description"])}</div>',
            *_sections(description),
            f"</main></div><script>{script}</script></body></html>",
            "",
        )
    )


def _sections(description: Described) -> Iterator[str]:
    fields = Fields(description)
    for tag in description["tags"]:
        yield f'<h2 id="{anchor(tag["name"])}">{tag["name"]}</h2>'
        yield f'<p class="soft">{inline(tag["description"])}</p>'
        for route, operation in _operations(description, tag["name"]):
            yield _operation(route, operation, fields)
    yield _reasons()
    yield '<h2 id="types">Types</h2><p class="soft">What the answers are made of.</p>'
    yield from fields.types()
    yield _errors(description)


def _contents(description: Described) -> str:
    lines = ['<nav aria-label="Contents"><details open><summary>Contents</summary>']
    for tag in description["tags"]:
        lines.append(f"<b>{tag['name']}</b>")
        lines.extend(
            f'<a href="#{operation["operationId"]}">{operation["summary"]}</a>'
            for _, operation in _operations(description, tag["name"])
        )
    lines.append("<b>Reference</b>")
    lines.extend(f'<a href="#{name.lower()}">{name}</a>' for name in ("Reasons", "Types", "Errors"))
    return "".join([*lines, "</details></nav>"])


def _operations(description: Described, tag: str) -> Iterator[tuple[tuple[str, str], Described]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if tag in operation["tags"]:
                yield (method, path), operation


def _operation(route: tuple[str, str], operation: Described, fields: Fields) -> str:
    method, path = route
    scopes = [scope for one in operation["security"] for scope in one["key"]]
    needs = f"needs the scope <code>{scopes[0]}</code>" if scopes else "needs no key"
    description = inline(operation.get("description", ""))
    return (
        f'<article id="{operation["operationId"]}"><h3>{operation["summary"]}</h3>\n'
        f'<div class="route"><b class="{method}">{method.upper()}</b>'
        f'<span>{path}</span><span class="scope">{needs}</span></div>\n'
        f"{f'<p>{description}</p>' if description else ''}"
        f"{_code(operation['x-codeSamples'][0]['source'])}\n"
        f"{fields.parameters(operation.get('parameters', ()))}"
        f"{fields.body(operation.get('requestBody'))}"
        f"<h4>Answers</h4>{_answers(operation['responses'], fields)}</article>"
    )


def _answers(responses: Mapping[str, Described], fields: Fields) -> str:
    successes, refusals, example = [], [], ""
    for status, response in responses.items():
        if status >= FIRST_REFUSAL:
            refusals.append(_refusal(status, response))
            continue
        ((_, content),) = response.get("content", {"": {}}).items()
        kind = fields.kind(content["schema"]) if "example" in content else ""
        meaning = inline(response["description"])
        successes.append(f'<p><span class="status ok">{status}</span> {meaning} {kind}</p>')
        if "example" in content:
            document = json.dumps(content["example"], ensure_ascii=False, indent=2)
            example = f"<details><summary>Example</summary>{_code(document)}</details>"
    return f"{''.join(successes)}{example}<p class='refusals'>{' '.join(refusals)}</p>\n"


def _refusal(status: str, response: Described) -> str:
    links = " ".join(f'<a href="#{code}"><code>{code}</code></a>' for code in _codes(response))
    return f'<span><span class="status no">{status}</span> {links}</span>'


def _codes(response: Described) -> list[str]:
    ((_, content),) = response["content"].items()
    codes: list[str] = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
    return codes


def _reasons() -> str:
    rows = "".join(
        f'<div id="{reason}"><dt><code>{reason}</code> <small>{state}</small></dt>'
        f"<dd>{escape(sentence)}<small>{escape(remedy)}</small></dd></div>"
        for reason, state, sentence, remedy in reasons()
    )
    return (
        '<h2 id="reasons">Reasons</h2><p class="soft">Why a package counts or does not, in '
        "precedence: the first that holds is the answer. With each, how the package ends, and what "
        "its seller is told; the last five are <code>pending</code> until the package is due.</p>"
        f"<dl>{rows}</dl>"
    )


def _errors(description: Described) -> str:
    refused = {
        (status, code): title
        for methods in description["paths"].values()
        for operation in methods.values()
        for status, response in operation["responses"].items()
        if status >= FIRST_REFUSAL
        for code, title in _titles(response)
    }
    rows = "".join(
        f'<div id="{code}"><dt><code>{code}</code> <small>{status}</small></dt>'
        f"<dd>{escape(title)}</dd></div>"
        for (status, code), title in sorted(refused.items())
    )
    return (
        '<h2 id="errors">Errors</h2><p class="soft">Every one is a '
        '<a href="#Problem">problem document</a>. Tell them apart by their code.</p>'
        f"<dl>{rows}</dl>"
    )


def _titles(response: Described) -> Iterator[tuple[str, str]]:
    """Yield each code with its meaning, out of "``code``: Meaning. ``code``: Meaning."."""
    meanings = response["description"].split("`")[2::2]
    for code, meaning in zip(_codes(response), meanings, strict=True):
        yield code, meaning.removeprefix(": ").strip()


def _code(text: str) -> str:
    return f"<pre><code>{escape(text, quote=False)}</code></pre>"


def _read(name: str) -> str:
    return files("vtr_openapi").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
