"""Who works here: organisations, teams, people, and what they may open."""

from organisations.models.access_event import AccessEvent, AccessHead, DetachedAccesses, EmptiedAccess
from organisations.models.capability import Capability, CapabilityKind
from organisations.models.countries import Country, language_choices, usual_language, validate_time_zone
from organisations.models.device_session import (
    CAME_FROM,
    HANDOVER,
    KIOSK,
    LOG_IN,
    SIGN_ON_ANEW,
    SIGNED_ON,
    TYPED_TEXT,
    DeviceSession,
    SessionStore,
    handover_here,
    name_of,
)
from organisations.models.labels import LabelField, NormalFormField, normal_form, straight
from organisations.models.operator import (
    CopyStep,
    MaintenanceNotice,
    OperatorAct,
    OrganisationCopy,
    OrganisationCopyPart,
    OrganisationState,
    OrganisationUse,
    PartState,
)
from organisations.models.organisation import (
    EMERGENCY_HOURS,
    Organisation,
    OrganisationQuerySet,
    SignOn,
    TenantModel,
)
from organisations.models.outbox import Outbox
from organisations.models.outgoing_mail import MailState, OutgoingMail
from organisations.models.practitioner import Membership, Practitioner
from organisations.models.provisioning import (
    ProvisionedGroup,
    ProvisionedUser,
    Provisioning,
    ProvisioningCall,
    SignOnBy,
)
from organisations.models.service_register import RegisteredKind, RegisteredService, RegisterImport
from organisations.models.sign_on import IdentityProvider, ProviderKind, SignOnAttempt, SignOnIdentity, SignOnPurpose
from organisations.models.team import Service, ServiceKind, Team
from organisations.models.token import ApiToken, ApiTokenQuerySet, KeptAnswer, TokenConfirmation
from organisations.models.user import User, Users

__all__ = [
    "CAME_FROM",
    "EMERGENCY_HOURS",
    "HANDOVER",
    "KIOSK",
    "LOG_IN",
    "SIGNED_ON",
    "SIGN_ON_ANEW",
    "TYPED_TEXT",
    "AccessEvent",
    "AccessHead",
    "ApiToken",
    "ApiTokenQuerySet",
    "Capability",
    "CapabilityKind",
    "CopyStep",
    "Country",
    "DetachedAccesses",
    "DeviceSession",
    "EmptiedAccess",
    "IdentityProvider",
    "KeptAnswer",
    "LabelField",
    "MailState",
    "MaintenanceNotice",
    "Membership",
    "NormalFormField",
    "OperatorAct",
    "Organisation",
    "OrganisationCopy",
    "OrganisationCopyPart",
    "OrganisationQuerySet",
    "OrganisationState",
    "OrganisationUse",
    "Outbox",
    "OutgoingMail",
    "PartState",
    "Practitioner",
    "ProviderKind",
    "ProvisionedGroup",
    "ProvisionedUser",
    "Provisioning",
    "ProvisioningCall",
    "RegisterImport",
    "RegisteredKind",
    "RegisteredService",
    "Service",
    "ServiceKind",
    "SessionStore",
    "SignOn",
    "SignOnAttempt",
    "SignOnBy",
    "SignOnIdentity",
    "SignOnPurpose",
    "Team",
    "TenantModel",
    "TokenConfirmation",
    "User",
    "Users",
    "handover_here",
    "language_choices",
    "name_of",
    "normal_form",
    "straight",
    "usual_language",
    "validate_time_zone",
]
