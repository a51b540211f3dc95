"""What the account keeps in files: certificates, answers, states."""

import datetime as dt
import stat
from pathlib import Path

import pytest
from cryptography import x509

from seatrial.rehearsal.account import answers, certificates, files, journal
from seatrial.rehearsal.account.journal import Answer, Journal

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "it"
    files.write(path, b"one")
    files.write(path, b"two")

    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_server_certificate_names_the_loopback_interface_and_is_signed_by_the_authority(tmp_path: Path) -> None:
    made = certificates.ensure(tmp_path, NOW)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    certificate = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    certificate.verify_directly_issued_by(authority)
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert certificate.not_valid_before_utc < NOW < certificate.not_valid_after_utc
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.pem", "server-key.pem", "server.pem"]


@pytest.mark.parametrize(("days", "same"), [(0, True), (300, True), (370, False), (500, False)])
def test_certificates_are_reused_until_they_are_about_to_expire(tmp_path: Path, days: int, same: bool) -> None:
    first = certificates.ensure(tmp_path, NOW).authority.read_bytes()

    second = certificates.ensure(tmp_path, NOW + dt.timedelta(days=days)).authority.read_bytes()

    assert (first == second) is same


def test_a_missing_file_makes_all_of_them_anew(tmp_path: Path) -> None:
    made = certificates.ensure(tmp_path, NOW)
    before = made.authority.read_bytes()
    made.key.unlink()

    certificates.ensure(tmp_path, NOW)

    assert made.authority.read_bytes() != before


def test_answers_are_kept_with_the_states_that_they_belong_to(tmp_path: Path) -> None:
    book = Journal(tmp_path / "it.db")
    answer = Answer(200, "text/xml", b"<a/>")

    book.commit({"ec2": b"{}"}, "token", answer)
    book.commit({"ec2": b"[]"})
    book.close()
    again = Journal(tmp_path / "it.db")

    assert again.states() == {"ec2": b"[]"}
    assert again.answer("token") == answer
    assert again.answer("other") is None
    again.close()


def test_only_the_latest_answers_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT_ANSWERS", 2)
    book = Journal(tmp_path / "it.db")

    for number in range(4):
        book.commit({}, str(number), Answer(200, "", b""))

    assert [bool(book.answer(str(number))) for number in range(4)] == [False, False, True, True]
    book.close()


@pytest.mark.parametrize(
    ("status", "headers", "body", "code"),
    [
        (200, {}, b"<Code>no</Code>", ""),
        (400, {"x-amzn-errortype": "com.amazon#Gone:http"}, b"", "Gone"),
        (404, {}, b"<Error><Code>NoSuchEntity</Code></Error>", "NoSuchEntity"),
        (400, {}, b'{"__type": "a#ValidationException"}', "ValidationException"),
        (502, {}, b"", "502"),
    ],
)
def test_the_code_of_an_answer_is_read_in_every_protocol(
    status: int, headers: dict[str, str], body: bytes, code: str
) -> None:
    assert answers.code_of(status, headers, body) == code
