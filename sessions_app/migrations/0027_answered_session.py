"""What an answer needs of its session, locked and read in one round trip (services/answered_sessions.py)."""

from django.db import migrations

# Row security holds in it: it runs as whoever calls it. Each statement in it sees what was committed while the one
# before it waited, as two statements of the application would.
CREATE = """
CREATE FUNCTION public.lock_answered_session(asked uuid) RETURNS TABLE (
    client_of uuid, language_of varchar, withheld_of boolean, year_of smallint, month_of smallint,
    organisation_of uuid, episode_of uuid, begun_on date, series_of jsonb, age_of smallint,
    session_of uuid, day_of date, started_of timestamptz, created_of timestamptz, attendance_of varchar,
    outcome_left_out varchar, alliance_left_out varchar, finished_of timestamptz, zone_of varchar, is_void boolean,
    instrument_of varchar, rater_of varchar, marks_of smallint[], total_of smallint, pack_of varchar
) LANGUAGE plpgsql AS $locked$
BEGIN
    LOOP
        PERFORM FROM sessions_app_session held JOIN clients_episode episode ON episode.id = held.episode_id
            WHERE held.id = asked FOR UPDATE OF episode, held;
        EXIT WHEN FOUND;
        -- While we waited, it may have been moved to another client's episode: then that one is locked.
        PERFORM FROM sessions_app_session held WHERE held.id = asked;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END LOOP;
    RETURN QUERY
        SELECT client.id, client.form_language, client.feedback_withheld, client.birth_year, client.birth_month,
            episode.organisation_id, episode.id, episode.started_on, episode.new_series, episode.age_at_intake,
            held.id, held.held_on, held.started_at, held.created_at, held.attendance, held.outcome_skipped,
            held.alliance_skipped, held.finished_at, held.time_zone, held.voided_at IS NOT NULL,
            rating.instrument, rating.rater, rating.marks, rating.total, rating.pack
        FROM sessions_app_session one
        JOIN clients_episode episode ON episode.id = one.episode_id
        JOIN clients_client client ON client.id = episode.client_id
        JOIN sessions_app_session held ON held.episode_id = episode.id AND (held.voided_at IS NULL OR held.id = asked)
        LEFT JOIN sessions_app_rating rating ON rating.session_id = held.id AND rating.superseded_by_id IS NULL
        WHERE one.id = asked;
END
$locked$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0026_licence_seats"),
        ("clients", "0016_returns_to"),
    ]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION public.lock_answered_session(uuid)")]
