"""One request as IAM sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = str | Sequence[str]
"""A text for a single-valued context key, a sequence of texts for a multivalued one."""

PRINCIPAL_ARN = "aws:PrincipalArn"


@dataclass(frozen=True, slots=True)
class Request:
    """Principal, action, resource and context of one authorization check; an API call may need several.

    Raises ``ValueError`` for an action without a service and for context keys that differ only by case.
    """

    principal: str
    """ARN of the role. It is also the context key ``aws:PrincipalArn``, which every signed request carries:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (2026-11)."""

    action: str
    """``service:Operation``; upper and lower case do not matter."""

    resource: str
    """ARN, or ``*`` for an action without resource types."""

    context: Mapping[str, Value] = field(default_factory=dict)
    """Condition key to value; a key that the service does not send is left out."""

    keys: Mapping[str, str | tuple[str, ...]] = field(init=False, repr=False, compare=False)
    """The context with lower-case names, since names of condition keys are not case-sensitive."""

    def __post_init__(self) -> None:
        """Check the parts and fold the names of the context."""
        if ":" not in self.action:
            raise ValueError(f"action {self.action!r} has no service; expected service:Operation")
        folded: dict[str, str | tuple[str, ...]] = {}
        for name, value in self.context.items():
            if name.lower() in folded:
                raise ValueError(f"context key {name!r} is given twice")
            folded[name.lower()] = value if isinstance(value, str) else tuple(value)
        given = folded.setdefault(PRINCIPAL_ARN.lower(), self.principal)
        if given != self.principal:
            raise ValueError(f"{PRINCIPAL_ARN} is {given!r}, the principal is {self.principal!r}")
        object.__setattr__(self, "keys", folded)
