"""What stands between callers and functions, and what its settings demand: pools, domains, distributions, caches.

Sources: CloudFormation Template Reference, each type's page; Elastic Load Balancing, "Security policies for your
Application Load Balancer"; Amazon CloudFront Developer Guide, "Supported protocols and ciphers between viewers and
CloudFront".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lamward.facts.settings import Way, left_out, none_of, off, on, one_of
from lamward.facts.stores import Demand
from lamward.model.finding import Persona, Severity
from lamward.model.value import Settled, number_of, text_of

_SHORTEST: Final = 8
_EVERYONE: Final = Persona.REGULAR
_REVIEWERS: Final = Persona.AUDITOR


def _long_enough(value: Settled) -> bool | None:
    length = number_of(value)
    return None if length is None else length >= _SHORTEST


GUESTS: Final = Demand(
    (Way(("AllowUnauthenticatedIdentities",), off, absent=True),),
    "identity pool",
    Severity.MEDIUM,
    _EVERYONE,
    remedy=False,
)

PASSWORDS: Final = Demand(
    (Way(("Policies", "PasswordPolicy", "MinimumLength"), _long_enough, absent=True),),
    "user pool",
    Severity.LOW,
    _EVERYONE,
    remedy=_SHORTEST,
)

SECOND_FACTOR: Final = Demand(
    (Way(("MfaConfiguration",), one_of("ON", "OPTIONAL")),), "user pool", Severity.LOW, _REVIEWERS
)

INVITATION: Final = Demand(
    (Way(("AdminCreateUserConfig", "AllowAdminCreateUserOnly"), on),),
    "user pool",
    Severity.LOW,
    _REVIEWERS,
    remedy=True,
)

GRAPHQL_SIGN_IN: Final = Demand(
    (Way(("AuthenticationType",), none_of("API_KEY")),), "GraphQL API", Severity.MEDIUM, _EVERYONE
)

_FIRST_TLS: Final = re.compile(
    r"ELBSecurityPolicy-(?:2015-05|2016-08|FS-2018-06|FS-1-1-2019-08|TLS-1-[01]-\d.*|TLS13-1-[01]-.*)"
)
"""The policies of load balancers that take TLS 1.0 or 1.1, those with FIPS or post-quantum ciphers too."""

_VIEWER: Final = ("DistributionConfig", "ViewerCertificate")


def _is_current(value: Settled) -> bool | None:
    policy = text_of(value)
    return None if policy is None else _FIRST_TLS.fullmatch(policy) is None


TLS: Final[Mapping[str, Demand]] = {
    "AWS::ApiGateway::DomainName": Demand(
        (Way(("SecurityPolicy",), none_of("TLS_1_0")),),
        "domain",
        Severity.MEDIUM,
        _EVERYONE,
        remedy="TLS_1_2",
    ),
    "AWS::ApiGatewayV2::DomainName": Demand(
        (Way(("DomainNameConfigurations", 0, "SecurityPolicy"), none_of("TLS_1_0"), absent=True),),
        "domain",
        Severity.MEDIUM,
        _EVERYONE,
        remedy="TLS_1_2",
    ),
    "AWS::CloudFront::Distribution": Demand(
        (Way((*_VIEWER, "MinimumProtocolVersion"), none_of("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016")),),
        "distribution",
        Severity.MEDIUM,
        _EVERYONE,
        remedy="TLSv1.2_2021",
        # With CloudFront's own certificate there is nothing to choose.
        unless=(
            Way((*_VIEWER, "CloudFrontDefaultCertificate"), on),
            left_out(*_VIEWER),
        ),
    ),
    "AWS::ElasticLoadBalancingV2::Listener": Demand(
        (Way(("SslPolicy",), _is_current),),
        "listener",
        Severity.MEDIUM,
        _EVERYONE,
        remedy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        unless=(Way(("Protocol",), none_of("HTTPS", "TLS"), absent=True),),
    ),
}
"""TLS 1.2 and later only, where versions can be chosen; listeners and distributions that say nothing take 1.0 too."""

TRACING: Final[Mapping[str, Demand]] = {
    "AWS::ApiGateway::Stage": Demand(
        (Way(("TracingEnabled",), on),), "stage", Severity.INFO, _REVIEWERS, remedy=True
    ),
    "AWS::AppSync::GraphQLApi": Demand(
        (Way(("XrayEnabled",), on),), "GraphQL API", Severity.INFO, _REVIEWERS, remedy=True
    ),
}
"""Whether calls can be followed."""
