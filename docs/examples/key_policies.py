"""The policies that keys need which a platform is to use: ``python docs/examples/key_policies.py <estate> <stack>``."""

import sys
from pathlib import Path

from stacks.estate import load_estate
from stacks.kinds import PlatformStack
from stacks.parts.keys import key_policy_texts

EXAMPLE = ["docs/examples/estate", "platform-sandbox"]


def key_policies(folder: str, name: str) -> str:
    """Purpose after purpose, each as ``aws kms put-key-policy`` takes it."""
    stack = load_estate(Path(folder)).stack(name)
    if not isinstance(stack, PlatformStack):
        raise SystemExit(f"{name} is no platform: teams and organizations bring no keys along")
    return "\n".join(f"# {purpose}\n{text}\n" for purpose, text in key_policy_texts(stack).items())


if __name__ == "__main__":
    folder, name = sys.argv[1:] or EXAMPLE
    print(key_policies(folder, name))
