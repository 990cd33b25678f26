"""The formats people read, as they look."""
# ruff: noqa: E501 - a snapshot is as wide as its format

from __future__ import annotations

import msgspec
import pytest
from inline_snapshot import snapshot

from lamward.model.finding import Related, Severity
from lamward.model.report import Failure, Report
from lamward.report import render
from lamward.report.summary import summary
from tests.report.sample import CLEAN, REPORT, SOURCES, at, finding


def test_text() -> None:
    assert render("text", REPORT, sources=SOURCES) == snapshot("""\
critical[public-function-url]: anyone on the internet may call this function URL
  --> template.yaml:6:19 in Orders
   6 |         AuthType: NONE
     |                   ^^^^
     = when condition `IsProd` is true
     = template.yaml:2:3: the function is declared here
  why: A function URL with `AuthType: NONE` answers every request without a
       signature. Whoever finds the address runs the code with the function's
       role, at your cost.
  fix: Let IAM decide.

high[wildcard-action]: this statement allows every action on every resource,
  which is far more than the function does
  --> template.yaml:9:15 in Orders
   9 >             - Effect: Allow
  10 >               Action: "*"
  11 >               Resource: "*"
     = confidence medium
  why: A bug in the function becomes a bug in the account.
  fix: allow `dynamodb:PutItem` on the table

medium[deprecated-runtime]: Runtime that AWS no longer mends (4 places)
  --> template.yaml:12:16 in Orders: `python3.8` gets no updates
  12 |       Runtime: python3.8
     |                ^^^^^^^^^
  --> template.yaml:16:16 in Refunds: `python3.7` gets no updates
  16 |       Runtime: python3.7
     |                ^^^^^^^^^
  --> template.yaml:20:16 in Reports: `nodejs12.x` gets no updates
  20 |       Runtime: nodejs12.x
     |                ^^^^^^^^^^
  --> template.yaml:24:16 in Imports: `nodejs14.x` gets no updates
  24 |       Runtime: nodejs14.x
     |                ^^^^^^^^^^
  why: No security updates come any more.
  fix: `lamward explain deprecated-runtime` shows what to write instead

critical[story]: anyone on the internet invokes `Orders` and, by a flaw in the
  code, can do everything in the account
   in: call the function URL of `Orders` (template.yaml:6:19)
  end: this statement allows every action on every resource, which is far more
       than the function does (template.yaml:9:15)
  cut: ask callers to sign their requests: `public-function-url` at
       template.yaml:6:19 closes it

not audited: other.yaml:1:1: the file is not UTF-8 (byte 12)
  help: save it as UTF-8

notice: template.yaml:3:5: this suppression matches nothing
  help: remove it

1 question could not be answered; --show-unanswered lists them
audited 1 application, 4 functions, 4 resources in 0.21 s: 6 findings (1 critical, 1 high, 4 medium), 1 suppressed, 1 baselined, 1 fixed; skipped: 1 file; not audited: 1 file
""")


def test_text_shows_the_source_of_a_few_places_and_the_line_of_the_rest() -> None:
    many = tuple(
        finding("plain-secret", Severity.HIGH, "anyone may read it", at("t.yaml", line), resource=f"R{line}")
        for line in range(1, 7)
    )
    report = msgspec.structs.replace(CLEAN, findings=many)
    texts = {"t.yaml": "".join(f"Key: {line}\n" for line in range(1, 7))}
    assert render("text", report, sources=texts) == snapshot("""\
high[plain-secret]: anyone may read it (6 places)
  --> t.yaml:1:1 in R1
   1 | Key: 1
     | ^^^^
  --> t.yaml:2:1 in R2
   2 | Key: 2
     | ^^^^
  --> t.yaml:3:1 in R3
   3 | Key: 3
     | ^^^^
  --> t.yaml:4:1 in R4
  --> t.yaml:5:1 in R5
  --> t.yaml:6:1 in R6
  why: It can be read.
  fix: Use Secrets Manager.

audited 1 application, 4 functions, 4 resources in 0.05 s: 6 findings (6 high)
""")


def test_text_says_places_with_the_same_note_together_and_the_example_where_a_remedy_starts_with_it() -> None:
    [check] = [check for check in CLEAN.checks if check.name == "deprecated-runtime"]
    remedy = "```yaml\n" + "Runtime: python3.13\n" * 9 + "```\nIt lives longer."
    related = tuple(Related(at("t.yaml", line), "runs it too") for line in (2, 3))
    elsewhere = (Related(at("u.yaml", 4), "runs it too"), Related(at("", 1), "by default"))
    found = finding("deprecated-runtime", Severity.LOW, "old", at("t.yaml", 1), related=related + elsewhere)
    report = msgspec.structs.replace(
        CLEAN, findings=(found,), checks=(msgspec.structs.replace(check, remedy=remedy),)
    )
    assert render("text", report) == snapshot("""\
low[deprecated-runtime]: old
  --> t.yaml:1:1 in Orders
     = runs it too: lines 2, 3
     = u.yaml:4:1: runs it too
     = by default
  why: No security updates come any more.
  fix: `lamward explain deprecated-runtime` shows what to write instead

audited 1 application, 4 functions, 4 resources in 0.05 s: 1 finding (1 low)
""")
    assert render("markdown", report) == snapshot("""\
### lamward: 1 finding (1 low)

| severity | check | place | problem |
|---|---|---|---|
| low | `deprecated-runtime` | `t.yaml:1` | old |

<details><summary><code>deprecated-runtime</code>: Runtime that AWS no longer mends (1)</summary>

**Why** No security updates come any more.

**How to fix** Use instead:

    Runtime: python3.13
    Runtime: python3.13
    Runtime: python3.13
    Runtime: python3.13
    Runtime: python3.13
    Runtime: python3.13
    Runtime: python3.13
    Runtime: python3.13
    Runtime: python3.13

</details>

audited 1 application, 4 functions, 4 resources in 0.05 s: 1 finding (1 low)
""")


def test_text_of_a_clean_audit() -> None:
    assert render("text", CLEAN) == snapshot(
        "audited 1 application, 4 functions, 4 resources in 0.05 s: no findings\n"
    )


def test_text_with_the_unanswered_questions() -> None:
    assert render(
        "text", msgspec.structs.replace(REPORT, findings=(), failures=()), show_unanswered=True
    ) == snapshot("""\
critical[story]: anyone on the internet invokes `Orders` and, by a flaw in the
  code, can do everything in the account
   in: call the function URL of `Orders` (template.yaml:6:19)
  end: this statement allows every action on every resource, which is far more
       than the function does (template.yaml:9:15)
  cut: ask callers to sign their requests: `public-function-url` at
       template.yaml:6:19 closes it

unanswered[public-function-url]: parameter `Auth` has no default
  --> template.yaml:6:9 in Orders

notice: template.yaml:3:5: this suppression matches nothing
  help: remove it

audited 1 application, 4 functions, 4 resources in 0.21 s: no findings; skipped: 1 file
""")


def test_text_of_several_applications_and_findings_without_a_place() -> None:
    report = msgspec.structs.replace(
        CLEAN,
        findings=(
            finding(
                "plain-secret", Severity.HIGH, "second", at("b.yaml", 3), application="b.yaml", remedy="one"
            ),
            finding(
                "plain-secret", Severity.HIGH, "third", at("b.yaml", 4), application="b.yaml", remedy="two"
            ),
            finding(
                "unknown-check", Severity.LOW, "first", at("", 1), application="template.yaml", resource=""
            ),
        ),
    )
    assert render("text", report) == snapshot("""\
== template.yaml ==

low[unknown-check]: first
  --> template.yaml:1:1

== b.yaml ==

high[plain-secret]: Secret in plain text (2 places)
  --> b.yaml:3:1 in Orders: second
     = fix: one
  --> b.yaml:4:1 in Orders: third
     = fix: two
  why: It can be read.

audited 1 application, 4 functions, 4 resources in 0.05 s: 3 findings (2 high, 1 low)
""")


def test_text_with_colour() -> None:
    report = msgspec.structs.replace(REPORT, findings=REPORT.findings[:1], failures=())
    assert render("text", report, sources=SOURCES, colour=True) == snapshot("""\
\x1b[1;31mcritical\x1b[0m[public-function-url]: anyone on the internet may call this function URL
\x1b[2m  --> \x1b[0mtemplate.yaml:6:19 in Orders
\x1b[2m   6 |\x1b[0m         AuthType: NONE
\x1b[2m     |\x1b[0m \x1b[1;31m                  ^^^^\x1b[0m
\x1b[2m     = \x1b[0mwhen condition `IsProd` is true
\x1b[2m     = \x1b[0mtemplate.yaml:2:3: the function is declared here
\x1b[1m  why: \x1b[0mA function URL with `AuthType: NONE` answers every request without a
       signature. Whoever finds the address runs the code with the function's
       role, at your cost.
\x1b[1m  fix: \x1b[0mLet IAM decide.

\x1b[1;31mcritical\x1b[0m[story]: anyone on the internet invokes `Orders` and, by a flaw in the
  code, can do everything in the account
\x1b[1m   in: \x1b[0mcall the function URL of `Orders` (template.yaml:6:19)
\x1b[1m  end: \x1b[0mthis statement allows every action on every resource, which is far more
       than the function does (template.yaml:9:15)
\x1b[1m  cut: \x1b[0mask callers to sign their requests: `public-function-url` at
       template.yaml:6:19 closes it

\x1b[33mnotice\x1b[0m: template.yaml:3:5: this suppression matches nothing
\x1b[1m  help: \x1b[0mremove it

1 question could not be answered; --show-unanswered lists them
audited 1 application, 4 functions, 4 resources in 0.21 s: 1 finding (1 critical); skipped: 1 file
""")


def test_concise() -> None:
    assert render("concise", REPORT) == snapshot("""\
template.yaml:6:19: public-function-url [critical] anyone on the internet may call this function URL (when condition `IsProd` is true)
template.yaml:9:15: wildcard-action [high] this statement allows every action on every resource, which is far more than the function does
template.yaml:12:16: deprecated-runtime [medium] `python3.8` gets no updates
template.yaml:16:16: deprecated-runtime [medium] `python3.7` gets no updates
template.yaml:20:16: deprecated-runtime [medium] `nodejs12.x` gets no updates
template.yaml:24:16: deprecated-runtime [medium] `nodejs14.x` gets no updates
other.yaml:1:1: encoding [error] the file is not UTF-8 (byte 12); save it as UTF-8
""")


def test_github() -> None:
    assert render("github", REPORT) == snapshot("""\
::error file=template.yaml,line=6,endLine=6,col=19,endColumn=23,title=public-function-url (critical)::anyone on the internet may call this function URL%0Awhen condition `IsProd` is true%0ALet IAM decide.
::error file=other.yaml,line=1,endLine=1,col=1,endColumn=1,title=not audited (encoding)::the file is not UTF-8 (byte 12)%0Asave it as UTF-8
::error file=template.yaml,line=9,endLine=11,title=wildcard-action (high)::this statement allows every action on every resource, which is far more than the function does%0Aallow `dynamodb:PutItem` on the table
::warning file=template.yaml,line=12,endLine=12,col=16,endColumn=25,title=deprecated-runtime (medium)::`python3.8` gets no updates
::warning file=template.yaml,line=16,endLine=16,col=16,endColumn=25,title=deprecated-runtime (medium)::`python3.7` gets no updates
::warning file=template.yaml,line=20,endLine=20,col=16,endColumn=26,title=deprecated-runtime (medium)::`nodejs12.x` gets no updates
::warning file=template.yaml,line=24,endLine=24,col=16,endColumn=26,title=deprecated-runtime (medium)::`nodejs14.x` gets no updates
""")


def test_junit() -> None:
    assert render("junit", REPORT) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="lamward" tests="5" failures="3" errors="1" skipped="1" time="0.213">
  <testsuite name="template.yaml" tests="4" failures="3" errors="0" skipped="1">
    <testcase classname="exposure" name="public-function-url template.yaml" file="template.yaml" line="6">
      <failure message="template.yaml:6:19: [critical] anyone on the internet may call this function URL (when condition `IsProd` is true)" type="public-function-url">
template.yaml:6:19: [critical] anyone on the internet may call this function URL (when condition `IsProd` is true)
      </failure>
    </testcase>
    <testcase classname="exposure" name="wildcard-action template.yaml" file="template.yaml" line="9">
      <failure message="template.yaml:9:15: [high] this statement allows every action on every resource, which is far more than the function does" type="wildcard-action">
template.yaml:9:15: [high] this statement allows every action on every resource, which is far more than the function does
      </failure>
    </testcase>
    <testcase classname="exposure" name="deprecated-runtime template.yaml" file="template.yaml" line="12">
      <failure message="template.yaml:12:16: [medium] `python3.8` gets no updates (and 3 more)" type="deprecated-runtime">
template.yaml:12:16: [medium] `python3.8` gets no updates
template.yaml:16:16: [medium] `python3.7` gets no updates
template.yaml:20:16: [medium] `nodejs12.x` gets no updates
template.yaml:24:16: [medium] `nodejs14.x` gets no updates
      </failure>
    </testcase>
    <testcase classname="exposure" name="plain-secret template.yaml" file="template.yaml" line="3">
      <skipped message="2 findings accepted"/>
    </testcase>
  </testsuite>
  <testsuite name="not audited" tests="1" failures="0" errors="1" skipped="0">
    <testcase classname="audit" name="encoding other.yaml" file="other.yaml" line="1">
      <error message="other.yaml:1:1: the file is not UTF-8 (byte 12)" type="encoding">
other.yaml:1:1: the file is not UTF-8 (byte 12)
save it as UTF-8
      </error>
    </testcase>
  </testsuite>
</testsuites>
""")


def test_markdown() -> None:
    assert render("markdown", REPORT) == snapshot("""\
### lamward: 6 findings (1 critical, 1 high, 4 medium), 1 suppressed, 1 baselined, 1 fixed

| severity | check | place | problem |
|---|---|---|---|
| critical | `public-function-url` | `template.yaml:6` | anyone on the internet may call this function URL (when condition `IsProd` is true) |
| high | `wildcard-action` | `template.yaml:9` | this statement allows every action on every resource, which is far more than the function does |
| medium | `deprecated-runtime` | `template.yaml:12` | `python3.8` gets no updates |
| medium | `deprecated-runtime` | `template.yaml:16` | `python3.7` gets no updates |
| medium | `deprecated-runtime` | `template.yaml:20` | `nodejs12.x` gets no updates |
| medium | `deprecated-runtime` | `template.yaml:24` | `nodejs14.x` gets no updates |

**critical: anyone on the internet invokes `Orders` and, by a flaw in the code, can do everything in the account**

- in: call the function URL of `Orders` (template.yaml:6:19)
- end: this statement allows every action on every resource, which is far more than the function does (template.yaml:9:15)
- cut: ask callers to sign their requests: `public-function-url` at template.yaml:6:19 closes it

<details><summary><code>public-function-url</code>: Function URL that anyone on the internet may call (1)</summary>

**Why** A function URL with `AuthType: NONE` answers every request without a signature. Whoever finds the address runs the code with the function's role, at your cost.

**How to fix** Let IAM decide.

</details>

<details><summary><code>wildcard-action</code>: Statement that allows every action (1)</summary>

**Why** A bug in the function becomes a bug in the account.

**How to fix** Name the actions.

</details>

<details><summary><code>deprecated-runtime</code>: Runtime that AWS no longer mends (4)</summary>

**Why** No security updates come any more.

**How to fix** Use instead:

    Runtime: python3.13

</details>

**Not audited**

- `other.yaml:1` the file is not UTF-8 (byte 12) (save it as UTF-8)

audited 1 application, 4 functions, 4 resources in 0.21 s: 6 findings (1 critical, 1 high, 4 medium), 1 suppressed, 1 baselined, 1 fixed; skipped: 1 file; not audited: 1 file
""")


def test_markdown_shows_the_worst_and_counts_the_rest() -> None:
    low = finding("plain-secret", Severity.LOW, "low", at("t.yaml", 1))
    high = finding("plain-secret", Severity.HIGH, "high", at("t.yaml", 2))
    text = render("markdown", msgspec.structs.replace(CLEAN, findings=(*[low] * 70, high)))
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 51
    assert rows[1] == "| high | `plain-secret` | `t.yaml:2` | high |"
    assert "and 21 more findings" in text


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (
            REPORT,
            snapshot(
                "audited 1 application, 4 functions, 4 resources in 0.21 s: 6 findings (1 critical, 1 high, 4 medium), 1 suppressed, 1 baselined, 1 fixed; skipped: 1 file; not audited: 1 file"
            ),
        ),
        (CLEAN, snapshot("audited 1 application, 4 functions, 4 resources in 0.05 s: no findings")),
        (
            msgspec.structs.replace(CLEAN, applications=(), seconds=75.0),
            snapshot("audited nothing in 1 min 15 s: no findings"),
        ),
        (
            msgspec.structs.replace(
                CLEAN,
                failures=(
                    Failure("crashed-check", "x", at("t.yaml", 1)),
                    Failure("template-language", "x", at("t.yaml", 1)),
                    Failure("template-language", "y", at("t.yaml", 2)),
                ),
            ),
            snapshot(
                "audited 1 application, 4 functions, 4 resources in 0.05 s: no findings; not audited: 2 places, 1 check that crashed"
            ),
        ),
    ],
)
def test_summary(report: Report, sentence: str) -> None:
    assert summary(report) == sentence
