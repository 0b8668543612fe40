"""A real mail server on a port of this machine, that keeps what it is given: SMTP (RFC 5321) as far as a client needs it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

REFUSED = "nadie@example.org"


@dataclass
class MailServer:
    """Where it listens and what it has received: (sender, recipients, message)."""

    port: int = 0
    received: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""

        async def answer(text: str) -> None:
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        sender, recipients = "", []
        await answer("220 correo de prueba")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                sender, recipients = line.partition("<")[2].partition(">")[0], []
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                if to == REFUSED:
                    await answer("550 no such user")
                    continue
                recipients.append(to)
            elif verb == "DATA":
                await answer("354 go on")
                content = await reader.readuntil(b"\r\n.\r\n")
                message = message_from_bytes(content[:-3].replace(b"\r\n..", b"\r\n."), policy=policy.default)
                self.received.append((sender, recipients, message))
            await answer("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                break
        writer.close()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that lives while the block does, in a thread of its own."""
    server, ready, loop = MailServer(), threading.Event(), asyncio.new_event_loop()

    async def listen() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        async with listening:
            await listening.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(listen())
        server_stop.append(task)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    server_stop: list[asyncio.Task[None]] = []
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(server_stop[0].cancel)
        thread.join(10)
        loop.close()
