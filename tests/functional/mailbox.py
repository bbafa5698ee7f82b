"""A small mail server on 127.0.0.1: keeps what it is given, with STARTTLS, TLS from the start, a log-in, and refusals when asked for."""

import asyncio
import base64
import email
import email.policy
import ssl
import subprocess
import threading
import time


def certificate(folder):
    """A certificate for 127.0.0.1 that is its own authority; (certificate, key)."""
    names = folder / "mail.pem", folder / "mail.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", names[1], "-out", names[0]], check=True, capture_output=True)
    return names


class MailServer:
    """`tls`: None, "starttls" or "from the start"; `password`: that of the user korrigo, who then has to log in."""

    def __init__(self, tls=None, files=None, password=None, port=0):
        self.tls, self.password, self.port = tls, password, port
        self.mails, self.refused, self.secure = [], set(), []
        self.context = None
        if files:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*files)
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self.ready.wait(10)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        context = self.context if self.tls == "from the start" else None
        server = self.loop.run_until_complete(asyncio.start_server(self._visit, "127.0.0.1", self.port, ssl=context))
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()
        server.close()
        self.loop.run_until_complete(server.wait_closed())
        self.loop.close()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def url(self, user=None):
        scheme = "smtps" if self.tls == "from the start" else "smtp"
        return f"{scheme}://{user + '@' if user else ''}127.0.0.1:{self.port}"

    async def _visit(self, reader, writer):
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader, writer):
        async def say(line):
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        secure, known, to = self.tls == "from the start", self.password is None, []
        await say("220 mail.lycee.example.org ESMTP")
        while line := (await reader.readline()).decode().strip():
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                offers = ["mail.lycee.example.org"] + (["STARTTLS"] if self.tls == "starttls" and not secure else [])
                offers += ["AUTH PLAIN"] if self.password and (secure or not self.tls) else []
                for number, offer in enumerate(offers):
                    await say(f"250{' ' if number == len(offers) - 1 else '-'}{offer}")
            elif word == "STARTTLS":
                await say("220 Go on")
                await writer.start_tls(self.context)
                secure = True
            elif word == "AUTH":
                given = line.split(" ")[2] if line.count(" ") > 1 else None
                if given is None:
                    await say("334 ")
                    given = (await reader.readline()).decode().strip()
                known = base64.b64decode(given).split(b"\0")[2].decode() == self.password
                await say("235 Welcome" if known else "535 No")
            elif word == "MAIL":
                to = []
                await say("250 Ok" if known else "530 Log in first")
            elif word == "RCPT":
                address = line[line.index("<") + 1:line.index(">")]
                to.append(address)
                await say("550 No such mailbox" if address in self.refused else "250 Ok")
            elif word == "DATA":
                await say("354 Go on")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.secure.append(secure)
                self.mails.append((to, email.message_from_bytes(content[:-3].replace(b"\r\n..", b"\r\n."), policy=email.policy.default)))
                await say("250 Taken")
            elif word == "QUIT":
                return await say("221 Bye")
            else:
                await say("250 Ok")

    def to(self, address, count=1, timeout=30):
        """The mails to `address`, once there are `count` of them."""
        ends = time.monotonic() + timeout
        while len(found := [mail for to, mail in list(self.mails) if address in to]) < count:
            if time.monotonic() > ends:
                raise AssertionError(f"{len(found)} of {count} mails to {address} came within {timeout} s")
            time.sleep(0.05)
        return found
