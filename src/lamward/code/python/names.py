"""Which model answers for which path of the standard library and of AWS's SDK."""

from __future__ import annotations

from typing import Final

from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import Foreign, Session, Value, join_all, one
from lamward.code.python import handing, loading, records, standard
from lamward.code.python.boto import sessions
from lamward.code.python.classes import write_past
from lamward.code.python.standard import Model

_EXECUTORS: Final = (
    "concurrent.futures.ThreadPoolExecutor()",
    "concurrent.futures.ProcessPoolExecutor()",
    "concurrent.futures.thread.ThreadPoolExecutor()",
)
_LOOPS: Final = ("asyncio.get_event_loop()", "asyncio.get_running_loop()", "asyncio.new_event_loop()")
_POOLS: Final = (
    "multiprocessing.Pool()",
    "multiprocessing.pool.ThreadPool()",
    "multiprocessing.dummy.Pool()",
)
_QUEUES: Final = (
    "queue.Queue",
    "queue.SimpleQueue",
    "queue.LifoQueue",
    "queue.PriorityQueue",
    "asyncio.Queue",
)
_SESSION_MAKERS: Final = (
    "boto3.Session",
    "boto3.session.Session",
    "botocore.session.Session",
    "botocore.session.get_session",
    "aioboto3.Session",
    "aioboto3.session.Session",
    "aiobotocore.session.get_session",
    "aiobotocore.session.AioSession",
)


def _client(invocation: Invocation) -> Value:
    return join_all(sessions.new_client(invocation, each) for each in sessions.default_sessions(invocation))


def _resource(invocation: Invocation) -> Value:
    return join_all(sessions.new_resource(invocation, each) for each in sessions.default_sessions(invocation))


def _new_session(invocation: Invocation) -> Value:
    return one(Session()) if not invocation.arguments.all() else sessions.new_session(invocation)


def _config(invocation: Invocation) -> Value:
    made = Foreign("botocore.config.Config()", invocation.make("config"))
    for name, value in invocation.arguments.keywords.items():
        invocation.heap.write(made.id, name, value)
    return one(made)


def _namespace(invocation: Invocation) -> Value:
    made = Foreign("types.SimpleNamespace()", invocation.make("namespace"))
    for name, value in invocation.arguments.keywords.items():
        invocation.heap.write(made.id, name, value)
    return one(made)


_BUILTINS: Final[dict[str, Model]] = {
    "str": standard.text_form,
    "bytes": standard.first,
    "int": standard.same_unless_unknown,
    "float": standard.same_unless_unknown,
    "bool": standard.truth,
    "isinstance": standard.truth,
    "hasattr": standard.truth,
    "callable": standard.truth,
    "dict": standard.new_mapping,
    "list": standard.sequence,
    "set": standard.sequence,
    "tuple": standard.sequence,
    "frozenset": standard.sequence,
    "reversed": standard.sequence,
    "iter": standard.iterator,
    "aiter": standard.sequence,
    "next": standard.an_element,
    "anext": standard.an_element,
    "min": standard.any_argument,
    "max": standard.any_argument,
    "sorted": standard.with_key,
    "enumerate": standard.enumerated,
    "zip": standard.zipped,
    "map": standard.mapped,
    "filter": standard.filtered,
    "getattr": standard.read_attribute,
    "setattr": standard.write_attribute,
    "super": standard.parent,
    "property": standard.property_of,
    "vars": records.attributes,
    "print": standard.printed,
    "dict.fromkeys": records.from_keys,
    "object.__setattr__": write_past,
    "staticmethod": standard.wrapped("staticmethod"),
    "classmethod": standard.wrapped("classmethod"),
    "type": standard.class_of,
    "eval": loading.dynamic_code,
    "exec": loading.dynamic_code,
    "__import__": loading.import_by_name,
}
_LIBRARY: Final[dict[str, Model]] = {
    "os.getenv": standard.environment_variable,
    "os.environ.get": standard.environment_variable,
    "os.environ.pop": standard.environment_variable,
    "os.environ.setdefault": standard.environment_variable,
    "os.environb.get": standard.environment_variable,
    "os.path.join": standard.joined_path,
    "posixpath.join": standard.joined_path,
    "pathlib.Path": standard.joined_path,
    "pathlib.PurePosixPath": standard.joined_path,
    "functools.partial": handing.partial,
    "functools.partialmethod": handing.partial,
    "functools.reduce": standard.reduced,
    "operator.itemgetter": handing.getter("operator.itemgetter()"),
    "operator.itemgetter()": handing.items_taken,
    "operator.attrgetter": handing.getter("operator.attrgetter()"),
    "operator.attrgetter()": handing.attributes_taken,
    "functools.singledispatch": records.dispatched,
    f"{records.REGISTERS}()": records.registered,
    "collections.namedtuple": records.named_tuple,
    f"{records.NAMED_TUPLE}()._replace": records.replaced,
    "dataclasses.replace": records.replaced,
    "copy.replace": records.replaced,
    "collections.ChainMap": records.merged,
    "string.Template": records.template,
    "string.Template().substitute": records.substituted,
    "string.Template().safe_substitute": records.substituted,
    "types.MethodType": records.method,
    "contextvars.ContextVar": records.holder("contextvars.ContextVar()", "default"),
    "contextvars.ContextVar().set": records.puts,
    "contextvars.ContextVar().get": records.gets,
    **dict.fromkeys(_QUEUES, records.holder("queue.Queue()")),
    **{f"queue.Queue().{name}": records.puts for name in ("put", "put_nowait")},
    **{f"queue.Queue().{name}": records.gets for name in ("get", "get_nowait")},
    "concurrent.futures.Future().result": records.gets,
    "concurrent.futures.Future().add_done_callback": records.calls_back,
    "concurrent.futures.as_completed": standard.first,
    "concurrent.futures.wait": records.waited,
    "json.loads": standard.decoded,
    "json.load": standard.decoded,
    "simplejson.loads": standard.decoded,
    "functools.cached_property": standard.wrapped("property"),
    "aws_lambda_powertools.shared.lazy_import.cached_property": standard.wrapped("property"),
    "contextlib.closing": standard.first,
    "contextlib.nullcontext": standard.first,
    "contextlib.aclosing": standard.first,
    "contextlib.ExitStack().enter_context": standard.entered,
    "contextlib.AsyncExitStack().enter_async_context": standard.entered,
    "contextlib.AsyncExitStack().enter_context": standard.entered,
    "dataclasses.field": standard.field,
    "attr.ib": standard.field,
    "attrs.field": standard.field,
    "pydantic.Field": standard.field,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "typing.cast": standard.second,
    "collections.OrderedDict": standard.new_mapping,
    "collections.defaultdict": standard.default_mapping,
    "collections.deque": standard.sequence,
    "itertools.chain": standard.chained,
    "itertools.chain.from_iterable": standard.chained,
    "itertools.islice": standard.sequence,
    "itertools.cycle": standard.sequence,
    "random.choice": standard.an_element,
    "importlib.import_module": loading.import_by_name,
    "threading.Thread": handing.starts_thread,
    "threading.Timer": handing.calls_argument(1),
    "multiprocessing.Process": handing.starts_thread,
    "asyncio.gather": standard.gathered,
    "asyncio.to_thread": handing.calls_argument(0),
    "functools.cache": standard.first,
    "functools.update_wrapper": standard.first,
    "functools.lru_cache": standard.caching,
    "functools.lru_cache()": standard.first,
    "boto3.client": _client,
    "boto3.resource": _resource,
    "boto3.setup_default_session": sessions.set_default_session,
    "botocore.config.Config": _config,
    "botocore.client.Config": _config,
    "aiobotocore.config.AioConfig": _config,
}
_SAME: Final = (
    "orjson.loads",
    "ujson.loads",
    "yaml.safe_load",
    "base64.b64decode",
    "base64.b64encode",
    "urllib.parse.unquote_plus",
    "urllib.parse.unquote",
    "urllib.parse.quote",
    "urllib.parse.quote_plus",
    "urllib.unquote_plus",
    "copy.copy",
    "copy.deepcopy",
    "asyncio.run",
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.wait_for",
    "asyncio.shield",
    "types.MappingProxyType",
)

MODELS: Final[dict[str, Model]] = {
    **{f"builtins.{name}": model for name, model in _BUILTINS.items()},
    **_LIBRARY,
    **dict.fromkeys(_SAME, standard.first),
    **dict.fromkeys(_SESSION_MAKERS, _new_session),
    **{f"{executor}.submit": handing.submitted for executor in _EXECUTORS},
    **{f"{executor}.map": standard.mapped for executor in _EXECUTORS},
    **{f"{loop}.run_in_executor": handing.calls_argument(1) for loop in _LOOPS},
    **{f"{loop}.run_until_complete": standard.first for loop in _LOOPS},
    **{f"{pool}.{name}": standard.mapped for pool in _POOLS for name in ("map", "imap", "imap_unordered")},
}

INERT_MODULES: Final = (
    "inspect.",
    "typing.",
    "logging.",
    "types.",
    "dataclasses.",
    "abc.",
    "warnings.",
    "traceback.",
)
INERT: Final = frozenset(
    {"functools.wraps", "asyncio.iscoroutinefunction", "builtins.classmethod", "contextlib.contextmanager"}
    | {
        f"builtins.{name}"
        for name in ("print", "len", "id", "hash", "repr", "vars", "dir", "issubclass", "object")
    }
)
"""What calls none of the functions it is given."""
