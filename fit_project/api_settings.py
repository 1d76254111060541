"""The settings of the API and of its description."""

from pathlib import Path
from typing import Any

REST_FRAMEWORK = {
    # Every route names its own token and rights; one that forgets to is closed.
    "DEFAULT_AUTHENTICATION_CLASSES": ["organisations.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["organisations.api.authentication.TokenMay"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "organisations.api.errors.as_problem",
    "URL_FORMAT_OVERRIDE": None,
}


def refuse_more(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A request's body has no other fields than those it names (organisations.api.fields.StrictSerializer)."""
    for name, component in result["components"]["schemas"].items():
        if name.endswith("In"):
            component["additionalProperties"] = False
        for field in component.get("properties", {}).values():
            field.pop("x-spec-enum-id", None)  # for another hook, which gives enums names of their own
    return result


SPECTACULAR_SETTINGS = {
    "TITLE": "Medspil",
    "DESCRIPTION": (Path(__file__).parent / "api_about.md").read_text(),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_SPLIT_PATCH": True,
    "DISABLE_ERRORS_AND_WARNINGS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["fit_project.api_settings.refuse_more"],
    "DEFAULT_GENERATOR_CLASS": "drf_spectacular.generators.SchemaGenerator",
}
