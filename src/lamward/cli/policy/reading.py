"""What the command line names: policy files, AWS managed policies, and roles of templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import click
from msgspec import Struct

from lamward.cli import options, terminal
from lamward.cli.codes import ExitCode
from lamward.errors import UsageError
from lamward.facts import Facts, reach
from lamward.facts.deployment import Deployment, deploy
from lamward.iam import worlds
from lamward.model.access import Policies
from lamward.model.policy import Policy
from lamward.model.report import Failure
from lamward.model.value import Reference, Symbolic
from lamward.report.escape import visible
from lamward.sources import file
from lamward.sources.policies import Reader, managed
from lamward.sources.project import Loaded, LoadOptions, load

STANDARD_INPUT: Final = "-"


def shown(name: str) -> str:
    """Give the name by which places call what a command line names."""
    return file.STANDARD_INPUT if name == STANDARD_INPUT else name


class Input:
    """All that one run reads; `finish` tells everything that was wrong with it at once.

    Where a file can be named, `-` is standard input.
    """

    def __init__(self, parameters: Sequence[str] = ()) -> None:
        self.reader = Reader()
        self.parameters = options.parameter_values(parameters)
        self.unseen: list[Failure] = []
        """What could not be read of templates that could: the answer is about the rest."""
        self._loaded: dict[Path, Loaded] = {}
        self._chosen: list[Chosen] = []
        self._taken = False

    @property
    def texts(self) -> dict[str, str]:
        """Give the text of every file that was read, by its name."""
        found = {name: file.text for name, file in self.reader.files.items()}
        for loaded in self._loaded.values():
            found.update((name, file.text) for name, file in loaded.files.items())
        return found

    def file(self, name: str) -> Path:
        """Take a name of the command line; what `-` stands for is read now, as it can be read once."""
        if name != STANDARD_INPUT:
            return Path(name)
        if self._taken:
            raise UsageError("`-` is given twice", "standard input is one file; name the other")
        self._taken = True
        contents = options.standard_input()
        reading = file.instead({path.absolute(): content for path, content in contents.items()})
        click.get_current_context().with_resource(reading)
        return next(iter(contents))

    def policy(self, name: str) -> Policy:
        """Take a policy: a file, or one that AWS maintains, by its ARN."""
        return managed(name) if name.startswith("arn:") else self.reader.policy(self.file(name))

    def subject(self, name: str) -> Policy | Policies:
        """Take a policy, a set of policies by layer, or a role of a template as `FILE#NAME`."""
        path, hash_sign, role = name.rpartition("#")
        if hash_sign and path and not Path(name).exists():
            return self.role(path, role).policies
        return managed(name) if name.startswith("arn:") else self.reader.subject(self.file(name))

    def role(self, template: str, name: str, *, function: str = "") -> Chosen:
        """Take a role of a template, by its name or by that of a function."""
        facts = self.facts(str(self.file(template)))
        found = reach.subjects(facts, role=name, function=function) if name or function else ()
        found = found or (reach.subjects(facts, function=name) if name else ())
        roles = {each.role.id: each for each in found}
        if len(roles) != 1:
            _not_one(facts, name or function, sorted(roles))
        (subject,) = roles.values()
        self._chosen.append(Chosen(facts, subject, reach.policies_of(facts, subject.role)))
        return self._chosen[-1]

    def deployed(self, subject: Policy | Policies) -> tuple[Policy | Policies, dict[str, str]]:
        """Give a role's policies as one deployment would have them, and what was filled in; others as they are."""
        for each in self._chosen:
            if each.policies is subject:
                deployment = deploy(each.facts)
                own = reach.entity(each.facts, each.subject.role, deployment)
                return own.policies, each.filled_in(deployment)
        return subject, {}

    def facts(self, template: str) -> Facts:
        """Load a template; one that is none, or cannot be read, ends the run."""
        loaded = self.loaded(template)
        if not loaded.applications:
            self.finish()
            raise UsageError(f"`{template}` is not a template", "name a SAM or CloudFormation template")
        return facts_of(loaded)

    def loaded(self, template: str) -> Loaded:
        """Load a template, once."""
        path = Path(template)
        if not file.is_file(path):
            raise UsageError(f"there is no file `{template}`", "name a SAM or CloudFormation template")
        if path not in self._loaded:
            loaded = load([path], LoadOptions(parameters=self.parameters))
            self._loaded[path] = loaded
            self.reader.failures += loaded.failures
            self.unseen += [each for found in loaded.applications for each in found.failures]
        return self._loaded[path]

    def finish(self) -> None:
        """End the run with code 2 if anything could not be read, each thing on stderr with its place and remedy."""
        _tell(self.reader.failures)
        self.tell_unseen()
        if self.reader.failures:
            raise click.exceptions.Exit(ExitCode.USAGE)

    def tell_unseen(self) -> None:
        """Say on stderr what of the templates could not be read."""
        _tell(self.unseen, "not looked at: ")
        self.unseen = []


def _tell(failures: Sequence[Failure], prefix: str = "") -> None:
    for failure in sorted(dict.fromkeys(failures), key=_place):
        where = visible(str(failure.location)) if failure.location.span.file else "somewhere"
        terminal.complain(f"{prefix}{where}: {visible(failure.message)}", visible(failure.hint))


def _place(failure: Failure) -> tuple[str, int]:
    return failure.location.span.file, failure.location.span.start


class Chosen(Struct, frozen=True):
    """A role of a template, and its policies as the template has them."""

    facts: Facts
    subject: reach.Subject
    policies: Policies

    @property
    def references(self) -> list[Reference]:
        """List what the role's policies leave to the deployment."""
        used = {
            part
            for policy in worlds.every(self.policies)
            for statement in policy.statements
            for case in worlds.scalars(statement)
            if isinstance(case.value, Symbolic)
            for part in case.value.references
        }
        return sorted(used, key=str)

    def filled_in(self, deployment: Deployment) -> dict[str, str]:
        """Say what stands for the references in a deployment."""
        bindings = deployment.bindings
        return {str(each): bindings[each] for each in self.references if each in bindings}


def facts_of(loaded: Loaded) -> Facts:
    """Start the facts about the application that was loaded."""
    import datetime

    return Facts(loaded.applications[0], today=datetime.datetime.now(tz=datetime.UTC).date())


def _not_one(facts: Facts, name: str, found: Sequence[str]) -> NoReturn:
    from lamward.audit.convert import suggest

    application = facts.application
    if len(found) > 1:
        raise UsageError(f"`{name}` may have several roles: {', '.join(found)}", "choose one with `--role`")
    names = [each.id for each in application.roles] + [each.id for each in application.functions]
    if not name:
        raise UsageError("no role is chosen", f"`--role NAME` or `--function NAME`: {', '.join(names)}")
    if any(name == each.id for each in application.functions):
        raise UsageError(f"the role of `{name}` is not in the template", "give its policies as files")
    hint = suggest(name, names) or f"there are {', '.join(names) or 'none'}"
    raise UsageError(f"the template has no role or function `{name}`", hint)


def template_chosen(template: str | None, given: Mapping[str, Any]) -> bool:
    """Tell whether a role of a template is asked for; a role without a template is a mistake."""
    if template is None and (given.get("role") or given.get("function")):
        raise UsageError("`--role` and `--function` need a template", "add `--template FILE`")
    return template is not None
