"""The API's description: OpenAPI 3.1, complete, and a page without a script."""

import re

from fit_project.api import description
from tests.api.asking import api_routes, methods_of


def test_every_route_describes_its_answers_and_its_refusals():
    told = description()
    assert told["openapi"].startswith("3.1")
    asked = {(path, method) for path, methods in told["paths"].items() for method in methods}
    assert len(asked) == sum(len(methods_of(pattern)) for pattern in api_routes().values())
    for (path, method), route in ((key, told["paths"][key[0]][key[1]]) for key in sorted(asked)):
        answers = set(route["responses"])
        assert answers & {"200", "201"}, (path, method)
        assert answers >= {"401", "403", "422", "429", "503"}, (path, method)
        assert route["summary"]
        assert route["security"] == [{"token": []}]
        if method in {"post", "patch"}:
            assert answers >= {"409", "413", "415"}, (path, method)
        if method == "post":
            assert "Idempotency-Key" in {parameter["name"] for parameter in route["parameters"]}


def test_a_body_takes_no_other_field():
    shapes = description()["components"]["schemas"]
    bodies = [shape for name, shape in shapes.items() if name.endswith("In")]
    assert len(bodies) > 12
    assert all(shape["additionalProperties"] is False for shape in bodies)


def test_it_is_public_and_shows_nobody(stranger, world):
    answer = stranger.get("schema/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    assert answer.json() == description()


def test_the_page_has_a_heading_for_each_route_and_no_script(stranger, db):
    page = stranger.get("docs/").content.decode()
    told = description()
    routes = sum(len(methods) for methods in told["paths"].values())
    assert page.count("<h3>") == routes + len(told["components"]["schemas"])
    assert "<script" not in page
    assert "style=" not in page
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_no_answer_is_a_bare_list():
    """Of a generated client: what was described as a list of lists could not be read by it."""
    for path, methods in description()["paths"].items():
        for method, route in methods.items():
            for status in {"200", "201"} & set(route["responses"]):
                shape = route["responses"][status]["content"]["application/json"]["schema"]
                assert shape.get("type") != "array", (path, method)
