"""A WebSocket client for the tests (RFC 6455): text messages, ping and pong, close codes. No extensions, no fragments of our own."""

import base64
import hashlib
import json
import os
import socket
import struct
import time

import contract

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Refused(Exception):
    """The server answered the upgrade with another status."""

    def __init__(self, status):
        super().__init__(f"upgrade refused with {status}")
        self.status = status


class WebSocket:
    """One connection. Every message is checked against the contract's channel."""

    def __init__(self, address, path, headers=(), role="admin", timeout=60):
        self.path, self.role, self.close_code = path, role, None
        self.socket = socket.create_connection(address, timeout=timeout)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *(f"{name}: {value}" for name, value in headers)]
        self.socket.sendall("\r\n".join(lines + ["", ""]).encode())
        self._shake_hands(key)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _shake_hands(self, key):
        while b"\r\n\r\n" not in self.buffer:
            self._fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        if status != 101:
            self.socket.close()
            raise Refused(status)
        answers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        expected = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        assert answers.get("sec-websocket-accept") == expected, answers

    def _fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server went away without a close frame")
        self.buffer += data

    def _take(self, count):
        while len(self.buffer) < count:
            self._fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _frame(self):
        first, second = self._take(2)
        assert first & 0x70 == 0, "reserved bits"
        assert second & 0x80 == 0, "a server does not mask"
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._take(8))[0]
        return bool(first & 0x80), first & 0x0F, self._take(length)

    def send_frame(self, opcode, payload=b""):
        mask = os.urandom(4)
        length = len(payload)
        head = bytes([0x80 | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        self.socket.sendall(head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)))

    def receive(self, timeout=60):
        """The next message, decoded; None once the server has closed (close_code says how)."""
        ends = time.monotonic() + timeout
        parts = []
        while self.close_code is None:
            self.socket.settimeout(max(0.01, ends - time.monotonic()))
            last, opcode, payload = self._frame()
            if opcode == PING:
                self.send_frame(PONG, payload)
            elif opcode == CLOSE:
                self.close_code = struct.unpack(">H", payload[:2])[0] if payload else 1005
                self.send_frame(CLOSE, payload[:2])
            elif opcode != PONG:
                parts.append(payload)
                if last:
                    value = json.loads(b"".join(parts).decode())
                    contract.check_message(self.path.split("?")[0], value, self.role)
                    return value
        return None

    def until_closed(self, timeout=180):
        """All messages up to the server's close."""
        ends = time.monotonic() + timeout
        messages = []
        while (message := self.receive(max(0.01, ends - time.monotonic()))) is not None:
            messages.append(message)
        return messages

    def ping(self, timeout=10):
        """Whether the server answers a ping before anything else than messages."""
        self.send_frame(PING, b"are you there")
        self.socket.settimeout(timeout)
        while True:
            _, opcode, payload = self._frame()
            if opcode == PONG:
                return payload == b"are you there"
            if opcode == CLOSE:
                return False
