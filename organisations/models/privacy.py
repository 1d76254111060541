"""What the columns of this app's tables hold."""

from organisations.history.privacy import mark

COLUMNS = {
    "organisations.Organisation": mark(
        words="emergency_text privacy_contact",
        technical="id name slug country language time_zone uses_first_names form_speaks_numbers "
        "offers_closings requires_second_factor is_demo created_at",
    ),
    "organisations.User": mark(
        identity="email", technical="id password last_login language is_active pin_hash pin_failures"
    ),
    "organisations.DeviceSession": mark(identity="user", technical="session_key session_data expire_date came_from"),
    "organisations.Service": mark(technical="id organisation name kind municipality_code"),
    "organisations.Team": mark(technical="id organisation service name"),
    "organisations.Practitioner": mark(identity="id user name email", technical="organisation role is_active"),
    "organisations.Membership": mark(identity="practitioner", technical="id organisation team"),
    # object_id may lead to a session or to a person who was invited; the row ends with its token.
    "organisations.Capability": mark(
        identity="object_id",
        score="started_at",  # when a client began to answer
        technical="token_hash kind organisation handover detail closing created_at opened_at expires_at used_at "
        "revoked_at",
    ),
    "organisations.Outbox": mark(
        identity="object_id",
        technical="id task organisation request_id created_at due_at leased_until attempts done_at",
    ),
    "organisations.AccessEvent": mark(
        identity="practitioner client_ids purpose",
        words="typed",
        technical="id organisation role action request_id at seq previous_hash hash",
    ),
    "organisations.ApiToken": mark(
        identity="practitioner created_by",
        technical="id organisation name prefix scopes created_at last_used_at",
    ),
    "organisations.TokenConfirmation": mark(
        identity="confirmed_by", technical="id organisation token team confirmed_at"
    ),
    # The answer to a request, word for word, kept for a day.
    "organisations.KeptAnswer": mark(
        identity="client_ids", words="body", technical="id organisation token key request_hash status created_at"
    ),
    "organisations.AccessHead": mark(technical="id organisation seq hash"),
}
