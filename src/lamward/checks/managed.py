"""The fix for a database's password that is written down: its service makes one, keeps it and rotates it."""

from __future__ import annotations

from msgspec import Struct

from lamward.checks.repairs import Edits, all_of, put, remove, unsafe
from lamward.facts import Facts
from lamward.facts.grants import listed
from lamward.facts.managed_passwords import Managing, managing
from lamward.facts.secret_flows import variables
from lamward.facts.secret_properties import Written, written_secrets
from lamward.facts.secrets import written
from lamward.model.application import Resource
from lamward.model.finding import Fix
from lamward.model.value import cases


class Managed(Struct, frozen=True):
    """A database whose service can manage the password that is written down, and the edits that have it do so."""

    database: Resource
    how: Managing
    password: str
    edits: Edits

    @property
    def name(self) -> str:
        """The database's logical id where it is declared."""
        return self.database.id.rpartition("/")[2]


def manage(facts: Facts, each: Written) -> Fix | None:
    """Have the service manage a password; None where it cannot."""
    found = manageable(facts, each)
    if found is None:
        return None
    title = f"let the service make the password of `{found.name}`, and keep it in Secrets Manager"
    return unsafe(title, found.edits, why=_why(found, _holders(facts, found.password)))


def manageable(facts: Facts, each: Written) -> Managed | None:
    """Tell how a password can be managed; None where it cannot, stands elsewhere, or is that of a branch only."""
    database = each.resource
    how = managing(facts, database, each.name)
    property_ = (*database.location.path, "Properties", each.name)
    if how is None or [origin.path for origin in each.case.value.origins[-1:]] != [property_]:
        return None
    edits = all_of(remove(database.location, "Properties", how.password), put(database, how.switch, to=True))
    return Managed(database, how, written(each.case.value), edits)


def managed_with(facts: Facts, password: str) -> Managed | None:
    """Find the one database that has a password, and whose service can manage it."""
    found = [manageable(facts, each) for each in written_secrets(facts)]
    fitting = [each for each in found if each is not None and each.password == password]
    return fitting[0] if len(fitting) == 1 else None


def _why(found: Managed, holders: list[str]) -> str:
    secret = f"the secret that the service makes for `{found.name}`"
    if found.how.secret:
        secret = f"`!GetAtt {found.name}.{found.how.secret}`"
    told = f"; {listed(holders)} {'has' if len(holders) == 1 else 'have'} the old one" if holders else ""
    return f"the password becomes another, and again at each rotation: what connects must read {secret}{told}"


def _holders(facts: Facts, old: str) -> list[str]:
    """Name the functions and other compute that get the same password as a variable."""
    return [
        f"`{each.variable.name}` of {listed([f'`{one.id}`' for one in each.functions]) or 'other compute'}"
        for each in variables(facts)
        if any(written(case.value) == old for case in cases(each.variable.value))
    ]
