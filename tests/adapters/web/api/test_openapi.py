"""Tests that the OpenAPI document is complete, true, and usable by a program that knows only the document."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.adapters.web.support.site import GUIDE, open_place

PATHS = {
    "/api/flows": {"get"},
    "/api/conversations": {"post"},
    "/api/conversations/{conversation_id}": {"get"},
    "/api/conversations/{conversation_id}/events": {"post"},
    "/api/conversations/{conversation_id}/stream": {"get"},
}


@pytest.fixture
async def document() -> AsyncIterator[dict[str, Any]]:
    async with open_place() as place, place.client() as client:
        yield (await client.get("/openapi.json")).json()


def references(node: Any) -> set[str]:
    """Yield every reference of a document."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


def test_it_documents_the_api_and_no_page(document: dict[str, Any]) -> None:
    assert {path: set(operations) for path, operations in document["paths"].items()} == PATHS
    assert document["openapi"].startswith("3.1")


def test_everything_it_points_to_is_there(document: dict[str, Any]) -> None:
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"], reference


def test_every_operation_says_what_it_is_for_and_what_may_go_wrong(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["description"]
            for status, answer in operation["responses"].items():
                assert answer["description"], (path, status)
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_the_bodies_are_described_with_examples_that_work(document: dict[str, Any]) -> None:
    body = document["paths"]["/api/conversations/{conversation_id}/events"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    kinds = set(schema["discriminator"]["mapping"])
    assert kinds == {
        "answered", "said", "dismissed", "back", "restart", "escalate", "later", "details", "rated", "reopen",
        "withdraw",
    }  # fmt: skip
    assert document["components"]["schemas"]["Start"]["examples"][0]["flow"] == GUIDE


def test_it_says_how_one_enters_a_conversation(document: dict[str, Any]) -> None:
    assert set(document["components"]["securitySchemes"]) == {"token", "cookie"}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert ("security" in operation) is ("conversation_id" in path)


async def test_a_real_state_is_what_the_document_says(document: dict[str, Any]) -> None:
    async with open_place() as place, place.client() as client:
        given = (await client.post("/api/conversations", json={"flow": GUIDE})).json()
    schema = document["components"]["schemas"]["Created"]
    assert set(given) == set(schema["properties"]) == set(schema["required"])
    assert TypeAdapter(dict[str, Any]).validate_python(given)["prompt"].keys() == (
        document["components"]["schemas"]["PromptState"]["properties"].keys()
    )


async def test_there_is_no_page_of_documentation_from_elsewhere() -> None:
    async with open_place() as place, place.client() as client:
        assert (await client.get("/docs")).status_code == 404
        assert (await client.get("/redoc")).status_code == 404
