from django.db import migrations

from organisations.database.renames import RenameWhatWasThere


class Migration(migrations.Migration):
    """Names of the version before the first release: ors_*/srs_* columns that hold any form, names of models."""

    dependencies = [("sessions_app", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        RenameWhatWasThere(
            first="0002_walls",
            last="0016_held_answers_of_closed_forms",
            tables={
                "sessions_app_heldanswer": "sessions_app_pendinganswer",
                "sessions_app_lookalarm": "sessions_app_accessalarm",
                "sessions_app_looksample": "sessions_app_accesssample",
                "sessions_app_sampledlook": "sessions_app_sampledaccess",
                "sessions_app_heldanswerevent": "sessions_app_pendinganswerevent",
                "sessions_app_lookalarmevent": "sessions_app_accessalarmevent",
                "sessions_app_looksampleevent": "sessions_app_accesssampleevent",
                "sessions_app_sampledlookevent": "sessions_app_sampledaccessevent",
            },
            columns={
                "sessions_app_session": {"ors_skipped": "outcome_skipped", "srs_skipped": "alliance_skipped"},
                "sessions_app_sessionevent": {"ors_skipped": "outcome_skipped", "srs_skipped": "alliance_skipped"},
            },
            constraints={
                "sessions_app_pendinganswer": {
                    "held_answer_taken_by_a_session": "pending_answer_taken_by_a_session",
                    "held_answer_once": "pending_answer_once",
                    "sessions_app_heldanswer_organisation_id_id_key": "sessions_app_pendinganswer_organisation_id_id_key",
                    "sessions_app_heldanswer_pkey": "sessions_app_pendinganswer_pkey",
                    "sessions_app_heldans_decided_by_id_c23eed5c_fk_organisat": "sessions_app_pending_decided_by_id_df60fdcc_fk_organisat",
                    "sessions_app_heldans_episode_id_6b3f8ea0_fk_clients_e": "sessions_app_pending_episode_id_8f5c84aa_fk_clients_e",
                    "sessions_app_heldans_organisation_id_05d7dd6c_fk_organisat": "sessions_app_pending_organisation_id_91cb62c8_fk_organisat",
                    "sessions_app_heldans_session_id_8859001d_fk_sessions_": "sessions_app_pending_session_id_d450f6ec_fk_sessions_",
                    "sessions_app_heldanswer_decided_by_id_same_org": "sessions_app_pendinganswer_decided_by_id_same_org",
                    "sessions_app_heldanswer_episode_id_same_org": "sessions_app_pendinganswer_episode_id_same_org",
                    "sessions_app_heldanswer_session_id_same_org": "sessions_app_pendinganswer_session_id_same_org",
                },
                "sessions_app_accessalarm": {
                    "sessions_app_lookalarm_clients_count_check": "sessions_app_accessalarm_clients_count_check",
                    "sessions_app_lookalarm_organisation_id_id_key": "sessions_app_accessalarm_organisation_id_id_key",
                    "sessions_app_lookalarm_pkey": "sessions_app_accessalarm_pkey",
                    "sessions_app_lookala_handled_by_id_db966223_fk_organisat": "sessions_app_accessa_handled_by_id_9d0c5870_fk_organisat",
                    "sessions_app_lookala_organisation_id_4c6e4f5e_fk_organisat": "sessions_app_accessa_organisation_id_97981cb4_fk_organisat",
                    "sessions_app_lookala_practitioner_id_f325ccf1_fk_organisat": "sessions_app_accessa_practitioner_id_2a971935_fk_organisat",
                    "sessions_app_lookalarm_handled_by_id_same_org": "sessions_app_accessalarm_handled_by_id_same_org",
                    "sessions_app_lookalarm_practitioner_id_same_org": "sessions_app_accessalarm_practitioner_id_same_org",
                },
                "sessions_app_accessalarmevent": {
                    "sessions_app_lookalarmevent_clients_count_check": "sessions_app_accessalarmevent_clients_count_check",
                    "sessions_app_lookalarmevent_pkey": "sessions_app_accessalarmevent_pkey",
                },
                "sessions_app_accesssample": {
                    "look_sample_signed_by_somebody": "access_sample_signed_by_somebody",
                    "sessions_app_looksample_looks_check": "sessions_app_accesssample_looks_check",
                    "sessions_app_looksample_unrelated_check": "sessions_app_accesssample_unrelated_check",
                    "look_sample_once_a_month": "access_sample_once_a_month",
                    "sessions_app_looksample_organisation_id_id_key": "sessions_app_accesssample_organisation_id_id_key",
                    "sessions_app_looksample_pkey": "sessions_app_accesssample_pkey",
                    "sessions_app_looksam_organisation_id_d5e924c9_fk_organisat": "sessions_app_accesss_organisation_id_80eddada_fk_organisat",
                    "sessions_app_looksam_signed_by_id_866af115_fk_organisat": "sessions_app_accesss_signed_by_id_f35e01db_fk_organisat",
                    "sessions_app_looksample_signed_by_id_same_org": "sessions_app_accesssample_signed_by_id_same_org",
                },
                "sessions_app_accesssampleevent": {
                    "sessions_app_looksampleevent_looks_check": "sessions_app_accesssampleevent_looks_check",
                    "sessions_app_looksampleevent_unrelated_check": "sessions_app_accesssampleevent_unrelated_check",
                    "sessions_app_looksampleevent_pkey": "sessions_app_accesssampleevent_pkey",
                },
                "sessions_app_sampledaccess": {
                    "sampled_look_once": "sampled_access_once",
                    "sessions_app_sampledlook_organisation_id_id_key": "sessions_app_sampledaccess_organisation_id_id_key",
                    "sessions_app_sampledlook_pkey": "sessions_app_sampledaccess_pkey",
                    "sessions_app_sampled_event_id_a476942e_fk_organisat": "sessions_app_sampled_event_id_43739613_fk_organisat",
                    "sessions_app_sampled_organisation_id_e94cb270_fk_organisat": "sessions_app_sampled_organisation_id_20fa87e6_fk_organisat",
                    "sessions_app_sampled_sample_id_2f331a40_fk_sessions_": "sessions_app_sampled_sample_id_81f18fbe_fk_sessions_",
                    "sessions_app_sampledlook_event_id_same_org": "sessions_app_sampledaccess_event_id_same_org",
                    "sessions_app_sampledlook_sample_id_same_org": "sessions_app_sampledaccess_sample_id_same_org",
                },
                "sessions_app_pendinganswerevent": {
                    "sessions_app_heldanswerevent_pkey": "sessions_app_pendinganswerevent_pkey"
                },
                "sessions_app_sampledaccessevent": {
                    "sessions_app_sampledlookevent_pkey": "sessions_app_sampledaccessevent_pkey"
                },
            },
            relations={
                "sessions_ap_organis_32d17e_idx": "sessions_ap_organis_9fb29f_idx",
                "sessions_app_lookalarm_handled_by_id_db966223": "sessions_app_accessalarm_handled_by_id_9d0c5870",
                "sessions_app_lookalarm_organisation_id_4c6e4f5e": "sessions_app_accessalarm_organisation_id_97981cb4",
                "sessions_app_lookalarm_practitioner_id_f325ccf1": "sessions_app_accessalarm_practitioner_id_2a971935",
                "sessions_app_heldanswer_decided_by_id_c23eed5c": "sessions_app_pendinganswer_decided_by_id_df60fdcc",
                "sessions_app_heldanswer_episode_id_6b3f8ea0": "sessions_app_pendinganswer_episode_id_8f5c84aa",
                "sessions_app_heldanswer_organisation_id_05d7dd6c": "sessions_app_pendinganswer_organisation_id_91cb62c8",
                "sessions_app_heldanswer_session_id_8859001d": "sessions_app_pendinganswer_session_id_d450f6ec",
                "sessions_app_heldanswerevent_pgh_obj_id_c9dbc485": "sessions_app_pendinganswerevent_pgh_obj_id_34173291",
                "sessions_app_lookalarmevent_pgh_obj_id_15520f5d": "sessions_app_accessalarmevent_pgh_obj_id_3ebe9a41",
                "sessions_app_looksample_organisation_id_d5e924c9": "sessions_app_accesssample_organisation_id_80eddada",
                "sessions_app_looksample_signed_by_id_866af115": "sessions_app_accesssample_signed_by_id_f35e01db",
                "sessions_app_looksampleevent_pgh_obj_id_9fa1cd1a": "sessions_app_accesssampleevent_pgh_obj_id_0a922227",
                "sessions_app_sampledlook_event_id_a476942e": "sessions_app_sampledaccess_event_id_43739613",
                "sessions_app_sampledlook_organisation_id_e94cb270": "sessions_app_sampledaccess_organisation_id_20fa87e6",
                "sessions_app_sampledlook_sample_id_2f331a40": "sessions_app_sampledaccess_sample_id_81f18fbe",
                "sessions_app_sampledlookevent_pgh_obj_id_f2ce74fd": "sessions_app_sampledaccessevent_pgh_obj_id_2589e226",
                "sessions_app_heldanswerevent_pgh_id_seq": "sessions_app_pendinganswerevent_pgh_id_seq",
                "sessions_app_lookalarmevent_pgh_id_seq": "sessions_app_accessalarmevent_pgh_id_seq",
                "sessions_app_looksampleevent_pgh_id_seq": "sessions_app_accesssampleevent_pgh_id_seq",
                "sessions_app_sampledlookevent_pgh_id_seq": "sessions_app_sampledaccessevent_pgh_id_seq",
            },
        )
    ]
