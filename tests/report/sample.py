"""One report with everything a format shows, and the source it speaks of."""

from __future__ import annotations

from lamward.model.finding import (
    Baselined,
    Confidence,
    Doubt,
    Finding,
    Fixed,
    Open,
    Related,
    Severity,
    Status,
    Suppressed,
)
from lamward.model.location import Location, Span
from lamward.model.report import (
    AuditedApplication,
    CheckSummary,
    Coverage,
    Cut,
    Entry,
    Failure,
    Report,
    Skipped,
    Story,
    StoryStep,
    Unanswered,
)
from lamward.model.value import ALWAYS, Assumption, AssumptionKind, Guard
from lamward.sources.file import SourceFile, start_of

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      FunctionUrlConfig:
        AuthType: NONE
      Policies:
        - Statement:
            - Effect: Allow
              Action: "*"
              Resource: "*"
      Runtime: python3.8
  Refunds:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.7
  Reports:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs12.x
  Imports:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs14.x
"""

SOURCES = {"template.yaml": TEMPLATE}
OPEN = Open()


def locate(needle: str, text: str = TEMPLATE, file: str = "template.yaml") -> Location:
    """Find the location of the first occurrence of a piece of a text."""
    start = text.index(needle)
    return Location(SourceFile(file, text.encode()).span(start, start + len(needle)), ("Resources", "Orders"))


def finding(
    check: str,
    severity: Severity,
    message: str,
    location: Location,
    *,
    resource: str = "Orders",
    confidence: Confidence = Confidence.HIGH,
    application: str = "template.yaml",
    when: Guard = ALWAYS,
    related: tuple[Related, ...] = (),
    remedy: str = "",
    status: Status = OPEN,
) -> Finding:
    """Make a finding about a function."""
    return Finding(
        check=check,
        severity=severity,
        confidence=confidence,
        message=message,
        location=location,
        application=application,
        resource=resource,
        resource_type="AWS::Serverless::Function",
        fingerprint=f"{check}-{resource}".lower(),
        help=remedy,
        when=when,
        related=related,
        status=status,
    )


def check(name: str, title: str, severity: Severity, why: str, remedy: str) -> CheckSummary:
    """Describe a check."""
    return CheckSummary(
        name, title, "exposure", severity.value, "high", "regular", why, remedy, ("AWS Lambda guide",)
    )


URL = check(
    "public-function-url",
    "Function URL that anyone on the internet may call",
    Severity.CRITICAL,
    "A function URL with `AuthType: NONE` answers every request without a signature. Whoever finds the address runs "
    "the code with the function's role, at your cost.",
    "Let IAM decide.\n\n```yaml\nAuthType: AWS_IAM\n```\n",
)
WILDCARD = check(
    "wildcard-action",
    "Statement that allows every action",
    Severity.HIGH,
    "A bug in the function becomes a bug in the account.",
    "Name the actions.",
)
RUNTIME = check(
    "deprecated-runtime",
    "Runtime that AWS no longer mends",
    Severity.MEDIUM,
    "No security updates come any more.",
    "```yaml\nRuntime: python3.13\n```",
)
QUIET = check(
    "plain-secret", "Secret in plain text", Severity.HIGH, "It can be read.", "Use Secrets Manager."
)

FINDINGS = (
    finding(
        "public-function-url",
        Severity.CRITICAL,
        "anyone on the internet may call this function URL",
        locate("NONE"),
        when=(Assumption(AssumptionKind.CONDITION, "IsProd", "true"),),
        related=(Related(locate("Orders:"), "the function is declared here"),),
    ),
    finding(
        "wildcard-action",
        Severity.HIGH,
        "this statement allows every action on every resource, which is far more than the function does",
        locate('Effect: Allow\n              Action: "*"\n              Resource: "*"'),
        confidence=Confidence.MEDIUM,
        remedy="allow `dynamodb:PutItem` on the table",
    ),
    *(
        finding(
            "deprecated-runtime",
            Severity.MEDIUM,
            f"`{name}` gets no updates",
            locate(name),
            resource=resource,
        )
        for name, resource in (
            ("python3.8", "Orders"),
            ("python3.7", "Refunds"),
            ("nodejs12.x", "Reports"),
            ("nodejs14.x", "Imports"),
        )
    ),
    finding(
        "wildcard-action",
        Severity.HIGH,
        "accepted",
        locate("Policies"),
        resource="Refunds",
        status=Suppressed("the batch needs it", "2027-03-01", "template.yaml:7"),
    ),
    finding(
        "plain-secret", Severity.HIGH, "old", locate("Type"), resource="Old", status=Baselined("2026-11-01")
    ),
    finding("plain-secret", Severity.HIGH, "gone", locate("Properties"), resource="Gone", status=Fixed()),
)

URL_STEP = StoryStep(
    "call the function URL of `Orders`", "public-function-url", locate("NONE"), FINDINGS[0].fingerprint
)
WILDCARD_STEP = StoryStep(
    FINDINGS[1].message, "wildcard-action", FINDINGS[1].location, FINDINGS[1].fingerprint
)
STORY = Story(
    application="template.yaml",
    severity=Severity.CRITICAL,
    entries=(Entry.INVOKED,),
    who="anyone on the internet",
    does="do everything in the account",
    ways=(URL_STEP,),
    through=("Orders",),
    ends=(WILDCARD_STEP,),
    cut=Cut(URL_STEP, 1, "ask callers to sign their requests"),
)

REPORT = Report(
    version="0.1.0",
    applications=(
        AuditedApplication(
            "template.yaml", "sam", Coverage(("template.yaml",), functions=4, resources=4, understood=4)
        ),
    ),
    checks=(URL, WILDCARD, RUNTIME, QUIET),
    findings=FINDINGS,
    unanswered=(
        Unanswered(
            "public-function-url",
            "template.yaml",
            "Orders",
            Doubt(locate("AuthType"), "parameter `Auth` has no default"),
        ),
    ),
    failures=(
        Failure("encoding", "the file is not UTF-8 (byte 12)", start_of("other.yaml"), "save it as UTF-8"),
    ),
    skipped=(Skipped("broken.txt", "not a template"),),
    notices=(Failure("unused-suppression", "this suppression matches nothing", locate("Type"), "remove it"),),
    stories=(STORY,),
    seconds=0.2134,
    as_of={"runtimes": "2026-11-21"},
)

CLEAN = Report(
    version="0.1.0",
    applications=REPORT.applications,
    checks=REPORT.checks,
    findings=(),
    seconds=0.05,
)


def at(file: str, line: int, column: int = 1, end_column: int = 5) -> Location:
    """Make a location on one line."""
    return Location(Span(file, 1, 2, line, column, line, end_column))
