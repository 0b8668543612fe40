"""Promise: a run that does not end well is told to whoever asked, and kept for the site to tell; nothing else changes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.commands.alert import AlertError, alert
from etl.release.state import STATE, State, read_state
from tests.browser_support import ROOT, free_port
from tests.checkout_support import Checkout, scaled, small_checkout
from tests.process_support import finished
from tests.smtp_support import REFUSED, MailServer, mail_server

DONE, PROBLEMS, USAGE, LOCKED, SUSPICIOUS, NO_HISTORY = range(6)
TO = "datos@example.org"
LOST = scaled({"1-2"}, 0.85)


@pytest.fixture(scope="module")
def suspicious(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project with a release, and a delivery in place that looks wrong."""
    made = small_checkout(tmp_path_factory.mktemp("aviso") / "padron")
    assert made.etl("publish", "--si").returncode == DONE
    assert made.deliver("2026-09-30", LOST).returncode == DONE
    return made


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as running:
        yield running


def state_of(checkout: Checkout) -> State:
    """What the ETL left for the site."""
    state = read_state(checkout.releases)
    assert state
    return state


def test_a_mail_says_how_it_ended_and_what_was_said(suspicious: Checkout, server: MailServer) -> None:
    smtp = f"smtp://127.0.0.1:{server.port}?de=padron@example.org"
    order = ("publish", "--si", f"--aviso=correo:{TO}", "--aviso=correo:otra@example.org")
    refused = suspicious.etl(*order, PADRON_SMTP=smtp)
    assert refused.returncode == SUSPICIOUS
    assert [to for _, (to,), _ in server.received] == [TO, "otra@example.org"]
    sender, _, message = server.received[0]
    assert (sender, message["From"]) == ("padron@example.org", "padron@example.org")
    assert "«publish» terminó con código 4" in message["Subject"]
    body = message.get_content()
    assert "perdió 15" in body and "Santa Catarina Pinula" in body and "docs/operacion.md" in body
    newest = state_of(suspicious)["corridas"][0]
    assert (newest["orden"], newest["codigo"]) == ("publish", SUSPICIOUS)
    assert "--aceptar-movimientos" in newest["veredicto"] and "perdió 15" in newest["motivos"][0]
    assert str(suspicious.folder) not in json.dumps(state_of(suspicious))
    assert [item["dataset"] for item in state_of(suspicious)["espera"]] == ["padron_municipal"]


def test_with_the_mail_server_down_the_run_ends_as_it_would(suspicious: Checkout) -> None:
    order = ("publish", "--si", f"--aviso=correo:{TO}")
    refused = suspicious.etl(*order, PADRON_SMTP=f"smtp://127.0.0.1:{free_port()}")
    assert refused.returncode == SUSPICIOUS
    (line,) = [line for line in refused.stdout.splitlines() if "aviso a" in line]
    assert "no responde" in line and TO in line
    assert state_of(suspicious)["corridas"][0]["codigo"] == SUSPICIOUS


@pytest.mark.largo
def test_who_is_not_accepted_is_said(suspicious: Checkout, server: MailServer) -> None:
    order = ("publish", "--si", f"--aviso=correo:{REFUSED}", f"--aviso=correo:{TO}")
    refused = suspicious.etl(*order, PADRON_SMTP=f"smtp://127.0.0.1:{server.port}")
    assert (refused.returncode, "no acepta a ese destinatario" in refused.stdout) == (SUSPICIOUS, True)
    assert len(server.received) == 1  # the other one got it


def test_a_server_without_what_is_asked_of_it_is_not_said_to_be_silent(server: MailServer) -> None:
    mail = alert("correo:año@example.org", {"PADRON_SMTP": f"smtp://127.0.0.1:{server.port}?de=padron@example.org"})
    with pytest.raises(AlertError, match="no ofrece lo que se le pide: TLS, usuario o letras con acento"):
        mail.send("asunto", "texto")


def test_a_command_gets_the_words(suspicious: Checkout, tmp_path: Path) -> None:
    told = tmp_path / "dicho.txt"
    refused = suspicious.etl(
        "publish", "--si", f"--aviso=orden:tee '{told}'", "--aviso=orden:false", "--aviso=orden:nada-asi"
    )
    assert refused.returncode == SUSPICIOUS
    assert "terminó con código 4" in told.read_text(encoding="utf-8")
    assert "con false: terminó con código 1" in refused.stdout and "con nada-asi: no existe" in refused.stdout


@pytest.mark.parametrize(
    ("alert", "smtp", "words"),
    [
        (f"correo:{TO}", "", "falta PADRON_SMTP"),
        ("correo:sin-arroba", "smtp://correo", "no es una dirección de correo"),
        (f"correo:{TO}\nBcc: x@y.z", "smtp://correo", "no es una dirección de correo"),
        (f"correo:{TO}", "http://correo", "PADRON_SMTP no se entiende"),
        (f"correo:{TO}", "smtps://u:secreto@correo", "PADRON_SMTP_CLAVE"),
        (f"correo:{TO}", "smtp://u@correo", "smtp+starttls"),
        (f"correo:{TO}", "smtp://correo:nada", "PADRON_SMTP no se entiende"),
        ("telegrama:x", "smtp://correo", "no se entiende"),
        ("orden:", "", "no se entiende"),
        ("orden:'", "", "no se entiende"),
    ],
)
def test_an_alert_that_cannot_be_is_refused_before_anything(
    suspicious: Checkout, alert: str, smtp: str, words: str
) -> None:
    refused = suspicious.etl("publish", "--si", f"--aviso={alert}", PADRON_SMTP=smtp)
    assert (refused.returncode, words in refused.stdout) == (USAGE, True), refused.stdout
    assert "secreto" not in refused.stdout


@pytest.mark.largo
def test_what_ends_well_is_told_only_if_asked(suspicious: Checkout, server: MailServer, tmp_path: Path) -> None:
    copy = Checkout(Path(shutil.copytree(suspicious.folder, tmp_path / "padron", symlinks=True)))
    smtp = f"smtp://127.0.0.1:{server.port}"
    order = ("publish", "--si", "--aceptar-movimientos", f"--aviso=correo:{TO}")
    assert copy.etl(*order, PADRON_SMTP=smtp).returncode == DONE
    assert server.received == []
    assert copy.etl(*order, "--avisar-siempre", PADRON_SMTP=smtp).returncode == DONE
    assert "código 0" in server.received[0][2]["Subject"]
    runs = state_of(copy)["corridas"]
    assert [run["veredicto"][:11] for run in runs[:2]] == ["Sin cambios", "Se publicó "]
    assert state_of(copy)["espera"] == []


def test_the_words_of_another_program_are_sent(server: MailServer) -> None:
    environment = os.environ | {"PADRON_SMTP": f"smtp://127.0.0.1:{server.port}"}
    order = ("avisar", f"correo:{TO}", "--asunto", "padron-publicar falló")
    sent = finished(order, ROOT, environment, "línea uno\nlínea dos\n")
    assert (sent.returncode, sent.stdout.strip()) == (DONE, "Aviso enviado.")
    assert server.received[0][2]["Subject"] == "padron-publicar falló"
    assert server.received[0][2].get_content().splitlines() == ["línea uno", "línea dos"]


def test_every_kind_of_failure_is_kept(suspicious: Checkout, tmp_path: Path) -> None:
    copy = Checkout(Path(shutil.copytree(suspicious.folder, tmp_path / "padron", symlinks=True)))
    before = len(state_of(copy)["corridas"])
    url = "postgresql://padron:secreto@127.0.0.1:1/historial"
    assert copy.etl("publish", "--si", PADRON_HISTORIAL=url).returncode == NO_HISTORY
    for path in (copy.source / "padron_municipal").glob("*.csv"):
        path.write_bytes(path.read_bytes()[:-100])
    assert copy.etl("check").returncode == PROBLEMS
    runs = state_of(copy)["corridas"]
    assert [(run["orden"], run["codigo"]) for run in runs[:2]] == [("check", PROBLEMS), ("publish", NO_HISTORY)]
    assert len(runs) == before + 2
    assert runs[0]["motivos"] and "secreto" not in json.dumps(runs)
    (copy.releases / STATE).write_text("{", encoding="utf-8")  # damaged: the next run writes it again
    assert copy.etl("check").returncode == PROBLEMS
    assert len(state_of(copy)["corridas"]) == 1
