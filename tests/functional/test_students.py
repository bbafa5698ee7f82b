"""behaviours.md, sections 3 and 4: students' log-in and isolation, their import."""

import time

import contract
from client import Part, csv
from samples import HEADER, people
from service import PASSWORD, ServiceTest, on_both_databases


def imported(test, text, **options):
    """Imports a roster; the task's result."""
    answer = test.admin.post("/api/students/import/", form={"file": csv(text, **options)}, expect=202).json
    test.assertEqual(answer["message"], "Student import started.")
    test.assertEqual(answer["status_url"], f"/api/tasks/{answer['task_id']}/status/")
    result = test.admin.succeeded(answer["task_id"])
    contract.check_value(result, "#/components/schemas/StudentImportResult")
    return result


def found(test, text):
    """Students by a search."""
    return test.admin.all(f"/api/students/?search={text}")


@on_both_databases
class StudentLogIn(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = HEADER + "MARTIN,Zoé,zoe.martin@lycee.example.org,15/05/2008,T01\nNOIR,Ali,ali.noir@lycee.example.org,01/02/2009,T02\n"
        answer = cls.admin.post("/api/students/import/", form={"file": csv(text)}, expect=202).json
        cls.admin.succeeded(answer["task_id"])

    def zoe(self):
        client = self.anonymous()
        client.student_login("zoe.martin@lycee.example.org", date_naissance="15/05/2008", expect=200)
        return client

    def test_038_by_address_in_any_case_and_birth_date_in_either_spelling(self):
        for email, date in (("zoe.martin@lycee.example.org", "15/05/2008"), ("Zoe.MARTIN@lycee.example.org", "2008-05-15")):
            client = self.anonymous()
            me = client.student_login(email, date_naissance=date, expect=200).json
            self.assertEqual((me["role"], me["student"]["last_name"], me["student"]["date_naissance"]), ("STUDENT", "MARTIN", "2008-05-15"))
            self.assertEqual(client.get("/api/me/", expect=200).json, me)

    def test_039_a_wrong_date_and_an_unknown_address_get_the_same_text(self):
        told = [self.refused(self.anonymous().student_login(email, date_naissance="16/05/2008"), 401, "auth.invalid_credentials")["error"]
                for email in ("ali.noir@lycee.example.org", "nobody@lycee.example.org")]
        self.assertEqual(told[0], told[1])

    def test_040_missing_fields(self):
        for body in ({"email": "zoe.martin@lycee.example.org"}, {"date_naissance": "15/05/2008"}, {}):
            self.refused(self.anonymous().post("/api/students/login/", body, csrf=False), 400, "request.invalid")

    def test_041_staff_do_not_log_in_here(self):
        self.refused(self.anonymous().student_login("marie@lycee.example.org", date_naissance="15/05/2008"), 401, "auth.invalid_credentials")

    def test_038_passwords_are_off_while_birth_dates_are_on(self):
        self.refused(self.anonymous().student_login("zoe.martin@lycee.example.org", password=PASSWORD), 403, "auth.method_disabled")

    def test_043_the_profile(self):
        self.refused(self.anonymous().get("/api/students/me/"), 401, "auth.required")
        self.assertEqual(self.zoe().get("/api/students/me/", expect=200).json["first_name"], "Zoé")
        self.refused(self.as_("marie").get("/api/students/me/"), 403, "auth.forbidden")

    def test_052_ids_in_paths_reveal_nothing(self):
        client = self.zoe()
        for student in self.admin.all("/api/students/"):
            self.refused(client.get(f"/api/students/{student['id']}/"), 403, "auth.forbidden")
        self.refused(client.get("/api/students/999999/"), 403, "auth.forbidden")

    def test_053_055_lists_of_the_office_are_closed(self):
        client = self.zoe()
        for path in ("exams", "copies", "audit", "users", "students", "tasks", "settings"):
            with self.subTest(path=path):
                self.refused(client.get(f"/api/{path}/"), 403, "auth.forbidden")

    def test_056_log_out(self):
        client = self.zoe()
        client.logout(expect=200)
        self.refused(client.get("/api/students/me/"), 401, "auth.required")

    def test_057_two_sessions_do_not_mix(self):
        zoe, ali = self.zoe(), self.anonymous()
        ali.student_login("ali.noir@lycee.example.org", date_naissance="01/02/2009", expect=200)
        for _ in range(3):
            self.assertEqual(zoe.get("/api/students/me/").json["last_name"], "MARTIN")
            self.assertEqual(ali.get("/api/students/me/").json["last_name"], "NOIR")

    def test_020_student_log_ins_are_limited(self):
        imported(self, HEADER + "BRUTE,Force,brute.force@lycee.example.org,03/03/2008,T01\n")
        for _ in range(5):
            self.anonymous().student_login("brute.force@lycee.example.org", date_naissance="04/04/2008")
        self.refused(self.anonymous().student_login("brute.force@lycee.example.org", date_naissance="03/03/2008"), 429, "limits.too_many_attempts")


@on_both_databases
class StudentPasswords(ServiceTest):
    """A school that chose passwords."""

    own_service = True

    def test_007_042_058_temporary_passwords_must_be_changed_and_do_not_open_the_staff_s_door(self):
        self.admin.post("/api/settings/", {"student_login": "PASSWORD"}, expect=200)
        email = "word.0@lycee.example.org"
        temporary = imported(self, people(2, "word"))["passwords"][email]
        self.refused(self.anonymous().student_login(email, date_naissance="02/03/2008"), 403, "auth.method_disabled")
        client = self.anonymous()
        self.assertTrue(client.student_login(email, password=temporary, expect=200).json["must_change_password"])
        for current, new, code in (("wrong-one-22222", "violet-mountain-3", "password.wrong_current"), (temporary, "short", "password.weak"),
                                   (temporary, "passe123passe123"[:8] + "1234", "password.weak")):
            answer = client.post("/api/students/change-password/", {"current_password": current, "new_password": new})
            self.refused(answer, 400, code)
        client.post("/api/students/change-password/", {"current_password": temporary, "new_password": "violet-mountain-3"}, expect=200)
        self.assertFalse(client.get("/api/me/", expect=200).json["must_change_password"])
        self.refused(self.anonymous().login(email, "violet-mountain-3"), 403, "auth.wrong_portal")
        self.refused(self.anonymous().student_login(email, password=temporary), 401, "auth.invalid_credentials")

    def test_061_passwords_are_shown_once_and_only_to_who_asked(self):
        self.admin.post("/api/settings/", {"student_login": "PASSWORD"}, expect=200)
        answer = self.admin.post("/api/students/import/", form={"file": csv(people(2, "once"))}, expect=202).json
        self.assertEqual(len(self.admin.succeeded(answer["task_id"])["passwords"]), 2)
        self.assertEqual(self.admin.task_status(answer["task_id"])["result"]["passwords"], {})
        self.assertTrue(all(student["user_id"] for student in found(self, "once")))


@on_both_databases
class StudentImport(ServiceTest):
    def test_061_062_a_file_creates_and_the_same_file_again_duplicates_nothing(self):
        text = people(30, "double")
        first, second = imported(self, text), imported(self, text)
        self.assertEqual((first["status"], first["created"], first["updated"], first["errors"]), ("success", 30, 0, []))
        self.assertEqual((second["created"], second["updated"] + second["skipped"]), (0, 30))
        self.assertEqual(len(found(self, "double")), 30)

    def test_062_a_changed_class_is_an_update(self):
        text = people(3, "mover")
        imported(self, text)
        self.assertEqual(imported(self, text.replace("T01", "T09"))["updated"], 3)
        self.assertEqual({student["class_name"] for student in found(self, "mover")}, {"T09"})

    def test_063_names_are_kept_as_written_and_split_by_their_capitals(self):
        imported(self, "Élèves;Né(e) le;Adresse E-mail;Classe;Groupe\n"
                       "DE LA FONTAINE Jean-Éric;15/05/2008;jean.fontaine@lycee.example.org;T01;MATHS1\n"
                       "O'BRIEN-D’ARC Anne Marie;16/05/2008;anne.obrien@lycee.example.org;T01;MATHS1\n")
        [jean] = found(self, "fontaine")
        self.assertEqual((jean["last_name"], jean["first_name"], jean["groupe"]), ("DE LA FONTAINE", "Jean-Éric", "MATHS1"))
        self.assertEqual(found(self, "anne.obrien")[0]["first_name"], "Anne Marie")

    def test_064_every_fault_is_named_with_line_and_column_and_nothing_is_stored(self):
        text = people(3, "faulty") + "FAULTY,,x,31/02/2008,T01\nFAULTY,Eve,faulty.0@lycee.example.org,01/01/2008,T01\n"
        answer = self.admin.post("/api/students/import/", form={"file": csv(text)}, headers={"Accept-Language": "en"})
        body = self.refused(answer, 422, "roster.invalid")
        self.assertTrue(body["error"].startswith("CSV validation failed: "), body["error"])
        named = {(fault["line"], fault["column"]) for fault in body["details"]}
        self.assertTrue({(5, "prenom"), (5, "email"), (5, "date_naissance"), (6, "email")} <= named, named)
        self.assertEqual(found(self, "faulty"), [])

    def test_065_no_file_another_kind_of_file(self):
        self.refused(self.admin.post("/api/students/import/", form={"other": "x"}), 400, "roster.missing")
        for name, content in (("students.xml", b"<students/>"), ("students.xlsx", b"PK\x03\x04"), ("students.pdf", b"%PDF-1.4")):
            self.refused(self.admin.post("/api/students/import/", form={"file": Part(content, name)}), 400, "roster.not_csv")
        self.refused(self.admin.post("/api/students/import/", {"file": "x"}), 415, "request.type")

    def test_066_067_068_069_encodings_delimiters_and_line_ends(self):
        lines = ["nom,prenom,email,date_naissance", "", "Lefèvre,Anaïs,{0}@lycee.example.org,15/05/2008", "", ""]
        variants = {"bom": ("\ufeff" + "\n".join(lines)).encode(), "crlf": "\r\n".join(lines).encode(), "latin": "\n".join(lines).encode("cp1252"),
                    "semicolon": "\n".join(lines).replace(",", ";").encode(), "tab": "\n".join(lines).replace(",", "\t").encode()}
        for index, (name, content) in enumerate(variants.items()):
            with self.subTest(variant=name):
                content = content.replace(b"{0}", f"enc.{name}".encode()).replace(b"15/05", f"{10 + index}/05".encode())
                self.assertEqual(imported(self, content)["created"], 1)
                self.assertEqual(found(self, f"enc.{name}")[0]["first_name"], "Anaïs")

    def test_070_a_missing_column_is_named(self):
        answer = self.admin.post("/api/students/import/", form={"file": csv("nom,prenom,email\nA,B,a@lycee.example.org\n")})
        body = self.refused(answer, 422, "roster.invalid")
        self.assertIn("date_naissance", str(body["details"]))

    def test_070_an_empty_file(self):
        self.refused(self.admin.post("/api/students/import/", form={"file": csv("")}), 422, "roster.invalid")

    def test_071_the_ine_is_nowhere(self):
        imported(self, "nom,prenom,email,date_naissance,INE\nINEXTANT,Paul,inextant@lycee.example.org,15/05/2008,120890177FA\n")
        [student] = found(self, "inextant")
        self.assertNotIn("120890177FA", str(student))
        self.refused(self.admin.post("/api/students/", {"last_name": "Sans", "first_name": "Date"}), 400, "request.invalid")

    def test_triplet_and_address_that_belong_to_two_students(self):
        imported(self, HEADER + "KLEIN,Ada,ada.klein@lycee.example.org,01/03/2008,T01\nGROSS,Bea,bea.gross@lycee.example.org,02/03/2008,T01\n")
        answer = self.admin.post("/api/students/import/", form={"file": csv(HEADER + "KLEIN,Ada,bea.gross@lycee.example.org,01/03/2008,T01\n")})
        body = self.refused(answer, 422, "roster.invalid")
        self.assertEqual(body["details"][0]["line"], 2)

    def test_ten_thousand_students(self):
        begun = time.monotonic()
        self.assertEqual(imported(self, people(10_000, "myriad"))["created"], 10_000)
        print(f"10 000 students imported in {time.monotonic() - begun:.1f} s ({self.database})", flush=True)
        self.assertEqual(self.admin.get("/api/students/?search=myriad&page_size=1").json["count"], 10_000)

    def test_a_resumable_upload_stands_in_for_the_file(self):
        upload = self.admin.tus_upload(people(4, "resumed").encode(), "resumed.csv")
        answer = self.admin.post("/api/students/import/", form={"file": upload}, expect=202).json
        self.assertEqual(answer["filename"], "resumed.csv")
        self.assertEqual(self.admin.succeeded(answer["task_id"])["created"], 4)


@on_both_databases
class StudentRows(ServiceTest):
    def test_made_changed_and_removed(self):
        row = self.admin.post("/api/students/", {"last_name": "Éclair", "first_name": "Luc", "date_naissance": "2008-04-01", "class_name": "T03"}, expect=201).json
        self.assertEqual((row["email"], row["groupe"]), (None, ""))
        path = f"/api/students/{row['id']}/"
        self.assertEqual(self.admin.patch(path, {"email": "luc.eclair@lycee.example.org"}, expect=200).json["email"], "luc.eclair@lycee.example.org")
        self.assertEqual([student["id"] for student in found(self, "eclair")], [row["id"]])
        self.assertEqual(self.admin.get(path, expect=200).json["class_name"], "T03")
        self.admin.delete(path, expect=204)
        self.refused(self.admin.get(path), 404, "student.not_found")

    def test_nobody_is_there_twice(self):
        person = {"last_name": "Unique", "first_name": "Una", "date_naissance": "2008-04-02", "email": "una@lycee.example.org"}
        self.admin.post("/api/students/", person, expect=201)
        self.refused(self.admin.post("/api/students/", {**person, "email": "una2@lycee.example.org"}), 400, "student.duplicate")
        self.refused(self.admin.post("/api/students/", {**person, "first_name": "Ina", "email": "UNA@lycee.example.org"}), 400, "student.email_taken")
        for fields in ({"date_naissance": "2008-02-31"}, {"last_name": "R2D2"}, {"last_name": "x" * 101}, {"email": "no address"}):
            with self.subTest(fields=fields):
                self.refused(self.admin.post("/api/students/", {**person, **fields}), 400, "request.invalid")
