import json

from seatrial.iam.document import allow, document, granted, text


def test_equal_documents_are_equal_bytes() -> None:
    first = document(allow("A", ["s3:Put", "s3:Get"], ["b", "a"], {"StringEquals": {"k": "v"}}))
    second = document(allow("A", ["s3:Get", "s3:Put"], ["a", "b"], {"StringEquals": {"k": "v"}}))

    assert text(first) == text(second)


def test_the_text_is_compact_json_with_sorted_keys() -> None:
    assert text(document(allow("A", ["s3:Get"], "*"))) == (
        '{"Statement":[{"Action":["s3:Get"],"Effect":"Allow","Resource":"*","Sid":"A"}],"Version":"2012-10-17"}'
    )


def test_a_statement_without_a_condition_has_no_condition_key() -> None:
    assert "Condition" not in allow("A", ["s3:Get"], "*", None)


def test_granting_keeps_the_statement_and_names_the_principal() -> None:
    statement = allow("A", ["s3:Get"], "*")

    assert granted(statement, {"AWS": "*"}) == {**statement, "Principal": {"AWS": "*"}}
    assert "Principal" not in statement


def test_the_text_parses_back_to_the_document() -> None:
    content = document(allow("A", ["s3:Get"], "*"), allow("B", ["s3:Put"], "*"))

    assert json.loads(text(content)) == content
