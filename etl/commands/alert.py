"""Tell somebody who is not looking: by mail, or through any command that takes the words on its input.

An alert never changes how a run ends: one that cannot be sent is one more sentence.
"""

from __future__ import annotations

import os
import re
import shlex
import smtplib
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Annotated
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import typer

from etl.commands.output import Exit, fail, say
from etl.release import reason

SERVER, PASSWORD = "PADRON_SMTP", "PADRON_SMTP_CLAVE"
SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
MAIL, COMMAND = "correo:", "orden:"
FORM = f"se esperaba {MAIL}nombre@dominio u {COMMAND}programa"
#: Seconds that a mail server or a command may take.
PATIENCE = 30

Aviso = Annotated[
    list[str] | None,
    typer.Option(
        "--aviso",
        help=f"A quién avisar si no termina bien: {MAIL}datos@example.org (con {SERVER}) u «{COMMAND}programa», que recibe el "
        "texto por su entrada. Se puede repetir.",
    ),
]


class AlertError(Exception):
    """An alert that cannot be made or sent; the message is for the reader, in Spanish, and never holds a password."""


@dataclass(frozen=True)
class Server:
    """A mail server: how to reach it, as whom, and who signs the mail."""

    host: str
    port: int
    scheme: str
    user: str | None
    sender: str


@dataclass(frozen=True)
class Mail:
    """An alert by mail."""

    to: str
    server: Server

    def send(self, subject: str, text: str) -> None:
        """Hand it to the mail server; AlertError."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.server.sender, self.to, subject
        message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid("padron-abierto")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with _connected(self.server) as smtp:
                smtp.send_message(message)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise AlertError(f"no se pudo enviar el aviso a {self.to}: {_why(error, self.server)}") from None


@dataclass(frozen=True)
class Command:
    """An alert through a command, which gets the subject and the text on its input."""

    words: tuple[str, ...]

    def send(self, subject: str, text: str) -> None:
        """Run it and wait for it; AlertError."""
        try:
            done = subprocess.run(
                self.words, input=f"{subject}\n\n{text}", text=True, timeout=PATIENCE, stdout=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            raise AlertError(f"no se pudo avisar con {self.words[0]}: no terminó en {PATIENCE} segundos") from None
        except OSError as error:
            raise AlertError(f"no se pudo avisar con {self.words[0]}: {reason(error)}") from None
        if done.returncode:
            raise AlertError(f"no se pudo avisar con {self.words[0]}: terminó con código {done.returncode}")


Alert = Mail | Command


def alerts(
    given: Iterable[str] | None, option: str = "--aviso: ", environment: Mapping[str, str] = os.environ
) -> list[Alert]:
    """The alerts that an order asks for with `option` (its name, as an error says it).

    Exits with `Exit.USAGE` if one cannot be: better now than on the bad night.
    """
    try:
        return [alert(text, environment) for text in given or ()]
    except AlertError as error:
        fail(f"{option}{error}", Exit.USAGE)


def alert(text: str, environment: Mapping[str, str]) -> Alert:
    """An alert as it is written in an order; AlertError."""
    if text.startswith(MAIL):
        to = text.removeprefix(MAIL).strip()
        if not ADDRESS.fullmatch(to):
            raise AlertError(f"«{to}» no es una dirección de correo; {FORM}")
        return Mail(to, server(environment.get(SERVER, "")))
    if text.startswith(COMMAND):
        try:
            words = tuple(shlex.split(text.removeprefix(COMMAND)))
        except ValueError:
            words = ()
        if words:
            return Command(words)
    raise AlertError(f"«{text}» no se entiende; {FORM}")


def server(address: str) -> Server:
    """The mail server that PADRON_SMTP says; AlertError."""
    if not address:
        raise AlertError(f"para avisar por correo falta {SERVER}, como smtp://servidor:25 o smtps://usuario@servidor")
    wrong = AlertError(
        f"{SERVER} no se entiende; se esperaba {', '.join(f'{name}://' for name in SCHEMES)} y el servidor"
    )
    try:
        parts = urlsplit(address)
        port = parts.port or SCHEMES.get(parts.scheme, 0)
    except ValueError:
        raise wrong from None
    if parts.scheme not in SCHEMES or not parts.hostname or parts.password:
        raise wrong if not parts.password else AlertError(f"la contraseña no va en {SERVER}: póngala en {PASSWORD}")
    if parts.username and parts.scheme == "smtp":
        raise AlertError(
            f"con usuario, {SERVER} debe ser smtp+starttls:// o smtps://, para que la contraseña no viaje abierta"
        )
    return Server(parts.hostname, port, parts.scheme, unquote(parts.username or "") or None, _sender(parts))


def _sender(parts: SplitResult) -> str:
    named = parse_qs(parts.query).get("de", [f"padron-abierto@{socket.getfqdn()}"])[0]
    if not ADDRESS.fullmatch(named):
        raise AlertError(f"el remitente «{named}» de {SERVER} no es una dirección de correo")
    return named


def _connected(server: Server) -> smtplib.SMTP:
    """A session with the mail server, ready to send."""
    if server.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.scheme == "smtp+starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, os.environ.get(PASSWORD, ""))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _why(error: Exception, server: Server) -> str:
    where = f"{server.host}:{server.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"el servidor de correo {where} no acepta el usuario o la contraseña"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"el servidor de correo {where} no acepta a ese destinatario"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"el servidor de correo {where} no acepta al remitente {server.sender}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"el servidor de correo {where} no ofrece lo que se le pide: TLS, usuario o letras con acento en una dirección"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"el servidor de correo {where} respondió con el código {error.smtp_code}"
    if isinstance(error, UnicodeError):
        return f"el usuario, la contraseña o una dirección tienen letras que el correo no admite, y no llegó a {where}"
    if isinstance(error, ssl.SSLError):
        return f"la conexión segura con {where} no se pudo establecer"
    return f"el servidor de correo {where} no responde"


def send_all(wanted: Iterable[Alert], subject: str, text: str) -> bool:
    """Send every alert, saying which could not be; whether all were."""
    sent = True
    for item in wanted:
        try:
            item.send(subject, text)
        except AlertError as error:
            said = str(error)
            say(f"{said[:1].upper()}{said[1:]}. Lo demás no cambia por eso.")
            sent = False
    return sent


def avisar(
    aviso: Annotated[list[str], typer.Argument(help=f"{MAIL}nombre@dominio u «{COMMAND}programa» (uno o varios).")],
    asunto: Annotated[str, typer.Option("--asunto", help="De qué se avisa.")] = "Padrón Abierto: aviso",
) -> None:
    """Send what comes on the standard input, as `--aviso` does: for OnFailure= of systemd, and to try the mail."""
    wanted = alerts(aviso, option="")
    if not send_all(wanted, " ".join(asunto.split()), sys.stdin.read()):
        raise typer.Exit(Exit.PROBLEMS)
    say("Aviso enviado.")
