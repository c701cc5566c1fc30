"""The units of an organization and the policies on them."""

from components.organization.component import NewUnit, OrganizationUnit, OrganizationUnitArgs
from components.organization.declarative import ai_opt_out, bedrock_policy, check_identifier
from components.organization.guardrails import OrganizationGuardrail, OrganizationGuardrailArgs
from components.organization.limits import LIMITS, RESOURCE_CONTROL, SERVICE_CONTROL
from components.organization.packer import PolicyTooLongError, minified, pack
from components.organization.resource_control import statements as resource_control_statements
from components.organization.rules import UnitRules
from components.organization.service_control import statements as service_control_statements

__all__ = [
    "LIMITS",
    "RESOURCE_CONTROL",
    "SERVICE_CONTROL",
    "NewUnit",
    "OrganizationGuardrail",
    "OrganizationGuardrailArgs",
    "OrganizationUnit",
    "OrganizationUnitArgs",
    "PolicyTooLongError",
    "UnitRules",
    "ai_opt_out",
    "bedrock_policy",
    "check_identifier",
    "minified",
    "pack",
    "resource_control_statements",
    "service_control_statements",
]
