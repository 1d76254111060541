"""What the columns of this app's tables hold."""

from organisations.history.privacy import mark

COLUMNS = {
    "clients.Client": mark(
        identity="id reference first_name birth_year contact second_contact reference_key sort_key",
        score="next_on next_at",
        technical="organisation form_language outcome_rhythm alliance_rhythm who5_weeks is_practice archived_at twin "
        "created_at updated_at",
    ),
    "clients.ClientTeam": mark(identity="client", technical="id organisation team"),
    "clients.Episode": mark(
        identity="client",
        words="label",
        score="started_on ended_on ending new_series age_at_intake sessions_count outcome_count outcome_first "
        "outcome_last outcome_best outcome_last_on alliance_count alliance_first alliance_last alliance_last_on "
        "last_session_on tone",
        technical="id organisation service created_at updated_at",
    ),
    "clients.Rater": mark(
        identity="client label",
        technical="id organisation key relation is_active created_at",
    ),
}
