from django.db import migrations

from organisations.database.renames import RenameWhatWasThere


class Migration(migrations.Migration):
    """Names of the version before the first release: ors_*/srs_* columns that hold any form, names of models."""

    dependencies = [("clients", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        RenameWhatWasThere(
            first="0002_walls",
            last="0010_call_well_being_by_its_own_name",
            tables={},
            columns={
                "clients_client": {"ors_rhythm": "outcome_rhythm", "srs_rhythm": "alliance_rhythm"},
                "clients_episode": {
                    "ors_count": "outcome_count",
                    "ors_first": "outcome_first",
                    "ors_last": "outcome_last",
                    "ors_best": "outcome_best",
                    "ors_last_on": "outcome_last_on",
                    "srs_count": "alliance_count",
                    "srs_first": "alliance_first",
                    "srs_last": "alliance_last",
                    "srs_last_on": "alliance_last_on",
                },
                "clients_clientevent": {"ors_rhythm": "outcome_rhythm", "srs_rhythm": "alliance_rhythm"},
            },
            constraints={
                "clients_client": {
                    "clients_client_ors_rhythm_check": "clients_client_outcome_rhythm_check",
                    "clients_client_srs_rhythm_check": "clients_client_alliance_rhythm_check",
                },
                "clients_clientevent": {
                    "clients_clientevent_ors_rhythm_check": "clients_clientevent_outcome_rhythm_check",
                    "clients_clientevent_srs_rhythm_check": "clients_clientevent_alliance_rhythm_check",
                },
                "clients_episode": {
                    "clients_episode_ors_best_check": "clients_episode_outcome_best_check",
                    "clients_episode_ors_count_check": "clients_episode_outcome_count_check",
                    "clients_episode_ors_first_check": "clients_episode_outcome_first_check",
                    "clients_episode_ors_last_check": "clients_episode_outcome_last_check",
                    "clients_episode_srs_count_check": "clients_episode_alliance_count_check",
                    "clients_episode_srs_first_check": "clients_episode_alliance_first_check",
                    "clients_episode_srs_last_check": "clients_episode_alliance_last_check",
                },
            },
            relations={},
        )
    ]
