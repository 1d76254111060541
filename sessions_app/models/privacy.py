"""What the columns of this app's tables hold."""

from organisations.history.privacy import mark

COLUMNS = {
    "sessions_app.Session": mark(
        identity="client practitioner voided_by",
        words="void_reason",
        score="held_on started_at contact_form attendance outcome_skipped alliance_skipped finished_at",
        technical="id organisation episode time_zone created_at updated_at imported voided_at",
    ),
    "sessions_app.Rating": mark(
        identity="recorded_by",
        words="reason",
        score="marks total entry_mode device_time late",
        technical="id organisation session instrument rater language pack created_at updated_at submission_id "
        "superseded_by",
    ),
    "sessions_app.RatingDraft": mark(
        identity="recorded_by",
        score="marks entry_mode",
        technical="id organisation session instrument rater language pack kept_at",
    ),
    "sessions_app.ConflictingAnswer": mark(
        identity="decided_by",
        score="marks taken",
        technical="id organisation rating language pack submission_id created_at decided_at",
    ),
    "sessions_app.PendingAnswer": mark(
        identity="decided_by",
        score="marks late taken device_time",
        technical="id organisation episode session instrument rater language pack why submission_id created_at "
        "decided_at",
    ),
    "sessions_app.Note": mark(
        identity="updated_by", words="text", technical="id organisation session kind version updated_at"
    ),
    "sessions_app.Alert": mark(
        identity="acknowledged_by",
        words="acknowledgement",
        score="rule level numbers raised_on closed_on",
        technical="id organisation episode session last_session created_at updated_at acknowledged_at",
    ),
    "sessions_app.Notice": mark(identity="practitioner", technical="id organisation alert created_at sent_at"),
    "sessions_app.SessionImport": mark(
        identity="started_by",
        words="file_name content report choices",  # lines of a file: references, marks and words; names of people
        technical="id organisation size step all_or_nothing created created_at changed_at",
    ),
    "sessions_app.Pack": mark(
        identity="imported_by withdrawn_by",
        technical="id organisation pack version instrument language content imported_at withdrawn_at",
    ),
    "sessions_app.PackLicence": mark(
        identity="holder recorded_by confirmed_by",
        words="scope document",
        technical="id organisation pack number valid_until recorded_at confirmed_at",
    ),
    "sessions_app.PackReminder": mark(identity="practitioner", technical="id organisation licence days sent_at"),
    # Of at least as many clients as a fit needs: nobody's own.
    "sessions_app.TrajectoryFit": mark(
        technical="id organisation instrument rater age_band version fitted_at window_start window_end n_episodes "
        "n_closed model trust code_version data_digest"
    ),
    "sessions_app.GroupMeeting": mark(
        identity="practitioner", words="name", score="held_on", technical="id organisation created_at"
    ),
    "sessions_app.GroupMember": mark(technical="id organisation meeting session place"),
    # Of a practitioner, by their supervisor.
    "sessions_app.SupervisionRating": mark(
        identity="practitioner supervisor",
        score="held_on marks total",
        technical="id organisation language pack submission_id created_at",
    ),
    "sessions_app.SupervisionShare": mark(
        identity="practitioner shared_with", technical="id organisation since ended_at"
    ),
    "sessions_app.MeasureValue": mark(identity="by", words="reason", technical="id organisation key value at"),
    "sessions_app.AccessSample": mark(
        identity="signed_by", technical="id organisation month looks unrelated drawn_at signed_at"
    ),
    "sessions_app.SampledAccess": mark(words="note", technical="id organisation sample event has_relation verdict"),
    "sessions_app.AccessAlarm": mark(
        identity="practitioner handled_by",
        words="note",
        technical="id organisation clients_count since until raised_at handled_at",
    ),
}
