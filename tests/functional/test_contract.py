"""The contract itself: complete, consistent with the table of errors, and strict."""

import ast
import re
import unittest
from pathlib import Path

import contract
import jsonschema

HEADERS = {"x-request-id": "a", "x-response-time-ms": "1", "content-type": "application/json"}
PUBLIC = {"public"}
KNOWN = {"public", "any", "admin", "teacher", "student"}


class Contract(unittest.TestCase):
    def test_every_operation_says_who_may_call_it_and_what_it_refuses(self):
        names = set()
        tags = {tag["name"] for tag in contract.document()["tags"]}
        for method, template, operation in contract.operations():
            with self.subTest(method=method, path=template):
                rights = set(operation["x-korrigo-rights"])
                self.assertTrue(rights and rights <= KNOWN)
                self.assertNotIn(operation["operationId"], names)
                names.add(operation["operationId"])
                self.assertTrue(set(operation["tags"]) <= tags)
                self.assertTrue(operation["summary"])
                if rights != PUBLIC:
                    self.assertIn("401", operation["responses"])
                    if rights != {"any"} or method != "get":
                        self.assertIn("403", operation["responses"])
                if "requestBody" in operation and method != "patch":
                    self.assertIn("400", operation["responses"])

    def test_every_code_is_in_the_table_with_its_status(self):
        used = set()
        for method, template, operation in contract.operations():
            for status, codes in operation.get("x-korrigo-codes", {}).items():
                with self.subTest(method=method, path=template, status=status):
                    self.assertIn(status, operation["responses"])
                    for code in codes:
                        self.assertIn(status, contract.error_table().get(code, ()), code)
                        used.add(code)
        common = set().union(*contract.COMMON_CODES.values())
        self.assertEqual(set(contract.error_table()) - used - common, set(), "codes that no operation gives")

    def test_schemas_are_schemas(self):
        for name, schema in contract.document()["components"]["schemas"].items():
            with self.subTest(schema=name):
                jsonschema.Draft202012Validator.check_schema(schema)
                for example in schema.get("examples", ()) if schema.get("type") == "object" else ():
                    if name not in ("Error", "TaskStatus"):
                        contract.check_value(example, f"#/components/schemas/{name}", where=name)

    def test_required_properties_are_described(self):
        for name, schema in contract.document()["components"]["schemas"].items():
            with self.subTest(schema=name):
                self.assertEqual(set(schema.get("required", ())) - set(schema.get("properties", ())), set())

    def test_a_teacher_s_view_of_a_copy_names_nothing_of_the_student_or_the_scan(self):
        seen = set(contract.document()["components"]["schemas"]["CopyTeacher"]["properties"])
        forbidden = {"student", "is_identified", "header_url", "ocr_mode", "ocr_result", "confidence", "student_identifier", "created_at", "validated_at",
                     "assigned_at", "booklet_ids", "booklets", "source_id", "source_page", "warnings"}
        self.assertEqual(seen & forbidden, set())


class Behaviours(unittest.TestCase):
    def test_the_tests_named_for_a_behaviour_exist(self):
        text = (contract.DOCS / "behaviours.md").read_text()
        named = set(re.findall(r"`(test_\w+\.\w+\.test_\w+)`", text))
        known = set()
        for path in Path(__file__).parent.glob("test_*.py"):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    known |= {f"{path.stem}.{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
        self.assertTrue(named)
        self.assertEqual(named - known, set())
        numbers = {int(number) for number in re.findall(r"^\| (\d+) \|", text, re.M)}
        self.assertEqual((set(range(1, 131)) | set(range(255, 271))) - numbers, set())


class Strictness(unittest.TestCase):
    """What the harness must notice, or every other test proves less than it seems to."""

    def broken(self, *arguments, role="admin"):
        with self.assertRaises(contract.ContractBroken):
            contract.check_answer(*arguments, role=role)

    def test_good_answers_pass(self):
        contract.check_answer("GET", "/api/health/", 200, HEADERS, b'{"status": "healthy", "database": "connected"}')
        contract.check_answer("GET", "/api/tasks/abc/status", 200, HEADERS, b'{"task_id": "abc", "status": "PENDING", "ready": false}')

    def test_a_missing_an_unknown_and_a_wrong_property(self):
        self.broken("GET", "/api/health/", 200, HEADERS, b'{"status": "healthy"}')
        self.broken("GET", "/api/health/", 200, HEADERS, b'{"status": "healthy", "database": "connected", "version": 1}')
        self.broken("GET", "/api/health/", 200, HEADERS, b'{"status": "fine", "database": "connected"}')

    def test_an_undocumented_path_method_status_or_media_type(self):
        body = b'{"status": "healthy", "database": "connected"}'
        self.broken("GET", "/api/wealth/", 200, HEADERS, body)
        self.broken("POST", "/api/health/", 200, HEADERS, body)
        self.broken("GET", "/api/health/", 201, HEADERS, body)
        self.broken("GET", "/api/health/", 200, {**HEADERS, "content-type": "text/html"}, body)
        self.broken("GET", "/api/health/", 200, {"content-type": "application/json"}, body)
        self.broken("GET", "/api/users/", 304, HEADERS, body)
        self.broken("GET", "/api/users/", 503, HEADERS, b'{"error": "Non.", "code": "server.busy", "request_id": "a"}')

    def test_an_error_with_a_code_of_another_status_or_operation(self):
        def error(code):
            return f'{{"error": "Non.", "code": "{code}", "request_id": "a"}}'.encode()

        contract.check_answer("GET", "/api/users/", 401, HEADERS, error("auth.required"), role="anonymous")
        self.broken("GET", "/api/users/", 401, HEADERS, error("auth.forbidden"))
        self.broken("GET", "/api/users/", 401, HEADERS, error("auth.unheard_of"))
        self.broken("DELETE", "/api/users/1/", 409, HEADERS, error("exam.busy"))

    def test_a_student_in_a_teacher_s_list(self):
        exam = {"id": "0198f0c2-a4d1-7c3e-9f00-3a5b7c9d1e2f", "name": "Maths", "subject": "", "date": "2026-02-03"}
        copy = {"id": "0b8e0a52-7a53-4e9f-8a57-0f6a3f1f2b1c", "exam": exam, "anonymous_id": "A001", "status": "READY", "exercise_ids": None, "subject_variant": None,
                "global_appreciation": "", "page_count": 4, "pdf_url": None, "locked_at": None, "graded_at": None,
                "permissions": {"mark": True, "finalise": False}}
        contract.check_value(copy, "#/components/schemas/Copy", "teacher")
        with self.assertRaises(contract.ContractBroken):
            contract.check_value({**copy, "student": None}, "#/components/schemas/Copy", "teacher")
