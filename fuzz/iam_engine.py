"""The IAM engine against its reference for as long as you like: `python -m fuzz.iam_engine REQUESTS [SEED]`.

Run it from the root of the checkout with `src` on the path. It stops at the first disagreement and prints it.
"""

from __future__ import annotations

import sys
from random import Random

from lamward.iam import documents, evaluate, prove, reference
from lamward.model.access import Policies, Verdict
from tests.iam import adversary, generators

PER_SET = 20
SETS_PER_ATTACK = 100
"""How many sets of policies come to one round of the adversary, which is slow and thorough."""

REFUSED = (Verdict.EXPLICITLY_DENIED, Verdict.IMPLICITLY_DENIED)


def run(requests: int, seed: int) -> str:
    """Ask both evaluators, and attack what is proved; give the first disagreement, empty when there is none."""
    random = Random(seed)  # noqa: S311 - a reproducible stream of cases
    for number in range(requests // PER_SET):
        policies = generators.policies(random, unsettled=random.choice((0.0, 0.0, 0.05)))
        evaluator = evaluate.prepare(policies)
        for _ in range(PER_SET):
            request = generators.request(random)
            compiled, expected = evaluator.decide(request), reference.decide(policies, request)
            if (compiled.verdict, set(compiled.determining)) != (expected.verdict, set(expected.determining)):
                return f"{policies}\n{request}\n{compiled}\n{expected}"
        found = _attack(random) or (adversary.faults(seed + number) if number % SETS_PER_ATTACK == 0 else "")
        if found:
            return found
    return ""


def _attack(random: Random) -> str:
    """Look for a request that refutes what was proved."""
    first, second = generators.policy(random), generators.policy(random)
    named = ((each.principals, each.not_principals) for each in (*first.statements, *second.statements))
    # A document that writes principals, be it none, is a resource policy; here both are asked as identity policies.
    if any(element is not None for pair in named for element in pair):
        return ""
    if not isinstance(prove.implies(first, second, prove.Options(open_world=True)), prove.Proved):
        return ""
    one, other = (evaluate.prepare(Policies(identity=(policy,))) for policy in (first, second))
    for _ in range(PER_SET):
        request = generators.request(random)
        if one.decide(request).allowed and other.decide(request).verdict in REFUSED:
            return f"proved, yet:\n{documents.to_data(first)}\n{documents.to_data(second)}\n{request}"
    return ""


def main() -> int:
    """Run as many requests as the command line says."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    found = run(requests, seed)
    sys.stdout.write(f"{found or f'{requests} requests, no disagreement'}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
