"""Which model answers for which global and which function of Node's modules."""

from __future__ import annotations

from typing import Final

from lamward.code.javascript import reflection, standard
from lamward.code.javascript.standard import Model

MODELS: Final[dict[str, Model]] = {
    "@super": standard.super_,
    "@get": standard.wrapped("property"),
    "@set": standard.wrapped("setter"),
    "@static": standard.static,
    "@render": standard.render,
    "@import": standard.import_by_name,
    "@then": standard.then,
    "@catch": standard.catch,
    "@finally": standard.finally_,
    "eval": standard.dynamic_code,
    "Function": standard.dynamic_code,
    "vm.runInThisContext": standard.dynamic_code,
    "vm.runInNewContext": standard.dynamic_code,
    "Promise": standard.new_promise,
    "Promise.all": standard.first,
    "Promise.allSettled": standard.all_settled,
    "Promise.any": standard.an_element,
    "Promise.race": standard.an_element,
    "Promise.resolve": standard.first,
    "setTimeout": standard.later,
    "setInterval": standard.later,
    "setImmediate": standard.soon,
    "queueMicrotask": standard.soon,
    "process.nextTick": standard.soon,
    "JSON.parse": standard.json_value,
    "JSON.stringify": standard.json_text,
    "structuredClone": standard.first,
    "Object": standard.first,
    "Object.freeze": standard.first,
    "Object.seal": standard.first,
    "Object.create": standard.first,
    "Object.keys": standard.keys,
    "Object.getOwnPropertyNames": standard.keys,
    "Object.values": standard.values,
    "Object.entries": standard.entries,
    "Object.assign": reflection.assign,
    "Object.fromEntries": standard.from_entries,
    "Object.setPrototypeOf": reflection.with_prototype,
    "Reflect.setPrototypeOf": reflection.with_prototype,
    "Proxy": reflection.proxy,
    "Object.defineProperty": reflection.define_property,
    "Object.defineProperties": reflection.define_properties,
    "Object.groupBy": standard.grouped,
    "Map.groupBy": standard.grouped,
    "Promise.withResolvers": standard.with_resolvers,
    **{f"Reflect.{name}": reflection.reflected(name) for name in ("get", "set", "apply", "construct")},
    "Reflect.ownKeys": standard.keys,
    "Map": standard.from_entries,
    "WeakMap": standard.from_entries,
    "URLSearchParams": standard.first,
    "Set": standard.new_set,
    "WeakSet": standard.new_set,
    "Array": standard.array_display,
    "Array.of": standard.array_display,
    "Array.from": standard.array_of,
    "Array.isArray": standard.truth,
    "Boolean": standard.truth,
    "String": standard.text_form,
    "Number": standard.number_of,
    "parseInt": standard.number_of,
    "parseFloat": standard.number_of,
    "Date.now": standard.number,
    "Buffer.from": standard.first,
    "atob": standard.first,
    "btoa": standard.first,
    **dict.fromkeys(
        ("encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "escape", "unescape"),
        standard.first,
    ),
    "querystring.unescape": standard.first,
    "path.join": standard.joined_path,
    "path.posix.join": standard.joined_path,
    "path.resolve": standard.joined_path,
    "util.promisify": standard.first,
    "util.callbackify": standard.first,
    "@aws-sdk/util-dynamodb.marshall": standard.first,
    "@aws-sdk/util-dynamodb.unmarshall": standard.first,
    "aws-sdk.DynamoDB.Converter.marshall": standard.first,
    "aws-sdk.DynamoDB.Converter.unmarshall": standard.first,
}

GLOBALS: Final = frozenset(
    {path.partition(".")[0] for path in MODELS if path[0] != "@" and "/" not in path}
    - {"path", "util", "querystring", "vm", "aws-sdk"}
) | frozenset(
    {"process", "console", "Math", "Date", "Symbol", "Error", "TypeError", "RangeError", "SyntaxError", "URL"}
    | {"RegExp", "BigInt", "Intl", "Atomics", "Proxy", "Reflect", "globalThis", "global", "module", "fetch"}
    | {"AbortController", "AbortSignal", "TextEncoder", "TextDecoder", "Headers", "Request", "Response"}
    | {"clearTimeout", "clearInterval", "clearImmediate", "isNaN", "isFinite", "performance", "crypto"}
    | {"Uint8Array", "ArrayBuffer", "DataView", "FormData", "Blob", "ReadableStream", "WritableStream"}
    | {"awslambda", "__dirname", "__filename", "Event", "EventTarget", "WebSocket", "AggregateError"}
    | {"Buffer", "exports", "require", "WeakRef", "FinalizationRegistry", "Infinity", "NaN"}
)

INERT: Final = (
    "console.",
    "Math.",
    "Date",
    "Error",
    "Intl.",
    "Symbol",
    "crypto.",
    "Object.",
    "Reflect.",
    "path.",
    "util.",
    "performance.",
    "clearTimeout",
    "clearInterval",
    "@aws client.",
)
"""What calls none of the functions it is given."""
