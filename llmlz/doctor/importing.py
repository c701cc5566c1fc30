"""The line that brings a thing which is there into the state, under the URN that the program gives it."""


def import_line(
    token: str, name: str, id_: str, *, parent: str | None, provider: str | None, protect: bool, stack: str
) -> str:
    """A command of `pulumi`; parent and provider, as URNs, must be in the state, as they are after a first `pulumi up`.

    Code is not generated, as the program has it; what is imported is protected unless told otherwise.
    https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/ (2026-11)
    """
    words = [f"pulumi import {token} {name} '{id_}'"]
    words += [f"--parent 'parent={parent}'"] if parent else []
    words += [f"--provider 'provider={provider}'"] if provider else []
    words += [] if protect else ["--protect=false"]
    return " ".join([*words, f"--stack {stack} --generate-code=false"])
