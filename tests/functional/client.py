"""A user of the server: session cookie, CSRF token, forms, resumable uploads, WebSockets. Every answer is held against the contract."""

import base64
import http.client
import json
import secrets
import time
from http.cookies import SimpleCookie
from pathlib import Path

import contract
from websocket import WebSocket

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The stable code of an error."""
        return self.json["code"]

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Part:
    """A file of a form."""

    def __init__(self, content, filename, media="application/octet-stream"):
        self.content = content.read_bytes() if isinstance(content, Path) else content
        self.filename, self.media = filename, media


def pdf(content, filename="scan.pdf"):
    return Part(content, filename, "application/pdf")


def csv(content, filename="students.csv"):
    return Part(content.encode() if isinstance(content, str) else content, filename, "text/csv")


def encode_form(fields):
    """(media type, body) of a multipart form; `fields`: a dict or pairs of name and Part or text."""
    boundary = secrets.token_hex(16)
    body = []
    for name, value in fields.items() if isinstance(fields, dict) else fields:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, Part):
            head += f'; filename="{value.filename}"\r\nContent-Type: {value.media}'
            content = value.content
        else:
            content = str(value).encode()
        body += [head.encode() + b"\r\n\r\n", content, b"\r\n"]
    body.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(body)


class Client:
    """One browser: cookies and one kept connection."""

    def __init__(self, address, timeout=60):
        self.address, self.timeout = address, timeout
        self.cookies, self.role, self.token, self.connection = {}, "anonymous", None, None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def request(self, method, path, json_body=None, form=None, body=None, headers=(), csrf=True, expect=None, checked=True):
        """One request. `checked` False is for what the contract does not hold: web pages and paths that are not there."""
        sent = dict(headers)
        if form is not None:
            sent["Content-Type"], body = encode_form(form)
        elif json_body is not None:
            sent.setdefault("Content-Type", "application/json")
            body = json.dumps(json_body).encode()
        if csrf and method in UNSAFE and "Authorization" not in sent:
            sent["X-CSRFToken"] = self.csrf_token()
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._send(method, path, body, sent)
        if checked:
            contract.check_answer(method, path.split("?")[0], answer.status, answer.headers, answer.body, self.role)
        if expect is not None and answer.status != expect:
            raise AssertionError(f"{method} {path}: expected {expect}, got {answer!r}")
        return answer

    def _send(self, method, path, body, headers):
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*self.address, timeout=self.timeout)
                attempt = 2
            try:
                try:
                    self.connection.request(method, path, body, headers)
                except (BrokenPipeError, ConnectionResetError):
                    if attempt == 1:
                        raise
                    # A refusal may come before the whole body was sent: the answer is still to be read.
                response = self.connection.getresponse()
                content = response.read()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()
                if attempt == 2:
                    raise
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
        answer.cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        for line in answer.cookies:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        if response.will_close:
            self.close()
        return answer

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, json_body=None, **options):
        return self.request("POST", path, json_body, **options)

    def put(self, path, json_body=None, **options):
        return self.request("PUT", path, json_body, **options)

    def patch(self, path, json_body=None, **options):
        return self.request("PATCH", path, json_body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def csrf_token(self):
        if self.token is None:
            self.token = self.get("/api/csrf/", expect=200).json["csrf_token"]
        return self.token

    def login(self, username, password, **options):
        options.setdefault("csrf", False)
        return self._entered(self.post("/api/login/", {"username": username, "password": password}, **options))

    def student_login(self, email, **secret):
        expect = secret.pop("expect", None)
        return self._entered(self.post("/api/students/login/", {"email": email, **secret}, csrf=False, expect=expect))

    def _entered(self, answer):
        if answer.status == 200:
            self.role = answer.json["role"].lower()
        return answer

    def logout(self, **options):
        answer = self.post("/api/logout/", **options)
        if answer.status == 200:
            self.role = "anonymous"
        return answer

    def all(self, path):
        """The results of every page of a list."""
        results, at = [], path
        while at:
            page = self.get(at, expect=200).json
            results += page["results"]
            at = page["next"]
        assert len(results) == page["count"], (len(results), page["count"])
        return results

    def socket(self, path, origin=None, **options):
        headers = [("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))] if self.cookies else []
        if origin:
            headers.append(("Origin", origin))
        return WebSocket(self.address, path, headers, self.role, **options)

    def tus_create(self, size, filename="scan.pdf", **options):
        metadata = "filename " + base64.b64encode(filename.encode()).decode()
        return self.post("/api/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": metadata}, **options)

    def tus_send(self, upload, offset, content, **options):
        return self.patch(f"/api/uploads/{upload}/", body=content, headers={"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset),
                                                                         "Content-Type": "application/offset+octet-stream"}, **options)

    def tus_head(self, upload, **options):
        return self.request("HEAD", f"/api/uploads/{upload}/", headers={"Tus-Resumable": "1.0.0"}, **options)

    def tus_upload(self, content, filename="scan.pdf", chunk=64 * 1024):
        """A whole resumable upload; its id."""
        upload = upload_id(self.tus_create(len(content), filename, expect=201))
        for offset in range(0, len(content), chunk):
            self.tus_send(upload, offset, content[offset:offset + chunk], expect=204)
        return upload

    def task_status(self, task_id):
        return self.get(f"/api/tasks/{task_id}/status/", expect=200).json

    def wait_for(self, task_id, timeout=180):
        """The status of a task once it has ended."""
        ends = time.monotonic() + timeout
        while not (status := self.task_status(task_id))["ready"]:
            if time.monotonic() > ends:
                raise AssertionError(f"task {task_id} has not ended after {timeout} s: {status}")
            time.sleep(0.1)
        return status

    def succeeded(self, task_id, timeout=180):
        """The result of a task that ends well."""
        status = self.wait_for(task_id, timeout)
        if status["status"] != "SUCCESS":
            raise AssertionError(f"task {task_id}: {status}")
        return status["result"]


def upload_id(answer):
    return answer.headers["location"].rstrip("/").rsplit("/", 1)[1]
