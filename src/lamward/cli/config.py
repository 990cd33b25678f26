"""`lamward config`: show the settings in force and where each comes from."""

from __future__ import annotations

import json
from typing import Any

import click

from lamward.cli import options, terminal


@click.command("config", epilog="Exit codes: 0 shown, 2 usage, or a configuration that is wrong, 70 bug.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@options.settings_options
@click.option("--format", "format_name", metavar="FORMAT", default="text", help="text (default) or json.")
def command(paths: tuple[str, ...], format_name: str, **given: Any) -> int:
    """Show the settings in force and where each comes from.

    PATH is what would be audited: the configuration file nearest to it counts.
    """
    import msgspec

    options.one_of("--format", format_name, ("text", "json"))
    found = options.resolved(options.existing(paths), given)
    settings = {
        setting.key: {"value": msgspec.to_builtins(setting.value), "origin": setting.origin}
        for setting in found.origins
    }
    settings["fail-on"]["value"] = settings["fail-on"]["value"] or "never"
    settings["parameters"]["value"] = _covered(settings["parameters"]["value"])
    if format_name == "json":
        terminal.show(json.dumps({"file": found.file or None, "settings": settings}, indent=2))
    else:
        terminal.show(_text(found.file, settings))
    return 0


def _covered(parameters: dict[str, str]) -> dict[str, str]:
    """Cover the values of parameters that are secrets: where one is set is what is asked here."""
    from lamward.facts.secrets import by_format, by_name

    return {
        name: "********" if by_format(value) or by_name(name, value) else value
        for name, value in parameters.items()
    }


def _text(file: str, settings: dict[str, dict[str, Any]]) -> str:
    told = {key: json.dumps(setting["value"], ensure_ascii=False) for key, setting in settings.items()}
    keys, values = max(map(len, told)), max(min(len(value), 40) for value in told.values())
    lines = [f"configuration file: {file or 'none'}", ""]
    lines += [f"{key:<{keys}}  {value:<{values}}  {settings[key]['origin']}" for key, value in told.items()]
    return terminal.harmless("\n".join(lines))
