"""behaviours.md, section 6, with undo: stapling and validation."""

from exams import blank_exam, booklets_of, copies_of, faults, finished, report_of
from samples import batch, odd_batch
from service import ServiceTest, on_both_databases

UNKNOWN = "5f0c1a52-7a53-4e9f-8a57-0f6a3f1f2b1c"


def faces_of(booklet):
    return [face["id"] for face in booklet["faces"]]


@on_both_databases
class Stapling(ServiceTest):
    """Every test has an exam of its own: six copies, three of them waiting for a person."""

    def setUp(self):
        super().setUp()
        self.exam = finished(self.admin)
        self.everything = self.faces()
        self.assertTrue(self.copies(status="READY") and len(self.copies(status="STAGING")) >= 3)

    def tearDown(self):
        self.assertEqual(self.faces(), self.everything, "a face was lost, or is in two places")

    def faces(self):
        """All faces of the exam, placed or not, each once."""
        faces = [face for booklet in booklets_of(self.admin, self.exam) for face in faces_of(booklet)]
        faces += [face["id"] for face in report_of(self.admin, self.exam)["unplaced"]]
        self.assertEqual(len(faces), len(set(faces)))
        return set(faces)

    def copies(self, **wanted):
        return [copy for copy in copies_of(self.admin, self.exam) if all(copy[name] == value for name, value in wanted.items())]

    def booklet(self, copy):
        return self.admin.get(f"/api/exams/booklets/{copy['booklet_ids'][0]}/", expect=200).json

    def merge(self, *booklets):
        return self.admin.post(f"/api/exams/{self.exam}/merge-booklets/", {"booklet_ids": list(booklets)})

    def undo(self):
        return self.admin.post(f"/api/exams/{self.exam}/undo/")

    def mark(self, copy, status):
        """Marking comes with a later issue: the state is set past the server."""
        self.service.rows(f"update copy set status = '{status}' where id = '{copy['id']}'")

    def test_120_a_header_is_a_jpeg(self):
        for booklet in booklets_of(self.admin, self.exam):
            picture = self.admin.get(booklet["header_url"], expect=200)
            self.assertEqual(picture.body[:2], b"\xff\xd8")
        self.refused(self.admin.get(f"/api/exams/booklets/{UNKNOWN}/header/"), 404, "booklet.not_found")

    def test_122_booklets_come_in_pages(self):
        page = self.admin.get(f"/api/exams/{self.exam}/booklets/?page_size=4", expect=200).json
        self.assertEqual((page["count"], len(page["results"]), page["previous"]), (6, 4, None))
        self.assertEqual(len(self.admin.get(page["next"], expect=200).json["results"]), 2)

    def test_123_merging_makes_one_copy_with_both_ready(self):
        first, second = (copy["booklet_ids"][0] for copy in self.copies(is_identified=False)[:2])
        merged = self.merge(first, second)
        self.assertEqual(merged.status, 201, merged)
        self.assertEqual((merged.json["booklet_ids"], merged.json["page_count"], merged.json["status"]), ([first, second], 8, "READY"))
        self.assertEqual(len(self.copies()), 5)
        detail = self.admin.get(f"/api/copies/{merged.json['id']}/", expect=200).json
        self.assertEqual([page["page_index"] for page in detail["pages"]], list(range(8)))

    def test_123_undo_gives_both_copies_back(self):
        before = {copy["id"]: (copy["anonymous_id"], copy["booklet_ids"], copy["status"]) for copy in self.copies()}
        first, second = (copy["booklet_ids"][0] for copy in self.copies(is_identified=False)[:2])
        self.merge(first, second)
        answer = self.undo()
        self.assertEqual((answer.status, answer.json["undone"]), (200, "merge"), answer)
        self.assertEqual({copy["id"]: (copy["anonymous_id"], copy["booklet_ids"], copy["status"]) for copy in self.copies()}, before)
        self.refused(self.undo(), 409, "undo.nothing")

    def test_undo_is_each_user_s_own(self):
        first, second = (copy["booklet_ids"][0] for copy in self.copies(is_identified=False)[:2])
        self.merge(first, second)
        if not any(user["username"] == "bureau" for user in self.admin.all("/api/users/")):
            self.service.add_user("bureau", "ADMIN")
        self.refused(self.as_("bureau").post(f"/api/exams/{self.exam}/undo/"), 409, "undo.nothing")

    def test_undo_is_refused_once_something_was_built_on_the_step(self):
        first, second = (copy["booklet_ids"][0] for copy in self.copies(is_identified=False)[:2])
        merged = self.merge(first, second).json
        self.mark(merged, "LOCKED")
        self.refused(self.undo(), 409, "undo.built_upon")

    def test_124_what_cannot_be_merged(self):
        other = booklets_of(self.admin, finished(self.admin, batch("--copies", 2, "--students", 2, "--seed", 11)))[0]["id"]
        mine = self.copies()[0]["booklet_ids"][0]
        self.refused(self.merge(), 400, "booklet.none")
        self.refused(self.merge(mine, UNKNOWN), 400, "booklet.unknown")
        self.refused(self.merge(mine, other), 400, "booklet.other_exam")
        self.assertEqual(len(self.copies()), 6)

    def test_125_126_a_copy_in_marking_is_left_alone(self):
        marked, free = self.copies()[:2]
        for status in ("LOCKED", "GRADED"):
            self.mark(marked, status)
            [booklet] = marked["booklet_ids"]
            self.refused(self.merge(booklet, free["booklet_ids"][0]), 409, "booklet.copy_in_use")
            self.refused(self.admin.post(f"/api/exams/booklets/{booklet}/split/", {"at": 2}), 409, "booklet.copy_in_use")
            self.refused(self.admin.delete(f"/api/exams/booklets/{booklet}/"), 409, "booklet.copy_not_staging")
            faces = [{"id": face} for face in reversed(faces_of(self.booklet(marked)))]
            self.refused(self.admin.patch(f"/api/exams/booklets/{booklet}/faces/", {"faces": faces}), 409, "booklet.copy_in_use")

    def test_126_a_booklet_that_waits_can_be_dissolved_and_brought_back(self):
        ready, waiting = self.copies(status="READY")[0], self.copies(status="STAGING")[0]
        self.refused(self.admin.delete(f"/api/exams/booklets/{ready['booklet_ids'][0]}/"), 409, "booklet.copy_not_staging")
        booklet = self.booklet(waiting)
        self.admin.delete(f"/api/exams/booklets/{booklet['id']}/", expect=204)
        self.refused(self.admin.get(f"/api/copies/{waiting['id']}/"), 404, "copy.not_found")
        unplaced = {face["id"] for face in report_of(self.admin, self.exam)["unplaced"]}
        self.assertTrue(set(faces_of(booklet)) <= unplaced)
        self.assertEqual(self.undo().json["undone"], "delete")
        self.assertEqual(faces_of(self.booklet(waiting)), faces_of(booklet))

    def test_a_booklet_is_split_and_put_together_again(self):
        copy = self.copies(status="STAGING")[0]
        booklet = self.booklet(copy)
        answer = self.admin.post(f"/api/exams/booklets/{booklet['id']}/split/", {"at": 1}, expect=201).json
        self.assertEqual([faces_of(part) for part in answer["booklets"]], [faces_of(booklet)[:1], faces_of(booklet)[1:]])
        self.assertNotEqual(answer["booklets"][0]["copy_id"], answer["booklets"][1]["copy_id"])
        self.assertEqual(answer["booklets"][1]["copy_status"], "STAGING")
        self.assertEqual(len(self.copies()), 7)
        for at in (0, booklet["page_count"], 99):
            self.assertEqual(self.admin.post(f"/api/exams/booklets/{booklet['id']}/split/", {"at": at}).status, 400)
        self.assertEqual(self.undo().json["undone"], "split")
        self.assertEqual(faces_of(self.booklet(copy)), faces_of(booklet))
        self.assertEqual(len(self.copies()), 6)

    def test_faces_are_turned_and_put_in_another_order(self):
        copy = self.copies(status="STAGING")[0]
        booklet = self.booklet(copy)
        path = f"/api/exams/booklets/{booklet['id']}/faces/"
        before = self.admin.get(booklet["faces"][0]["image_url"], expect=200).body
        wanted = list(reversed(faces_of(booklet)))
        turned = self.admin.patch(path, {"faces": [{"id": wanted[0], "rotation": 90}] + [{"id": face} for face in wanted[1:]]}, expect=200).json
        self.assertEqual((faces_of(turned), turned["faces"][0]["rotation"]), (wanted, 90))
        self.assertEqual(self.admin.get(f"/api/exams/faces/{wanted[-1]}/image/").body, before)
        self.assertEqual(self.undo().json["undone"], "arrange")
        again = self.booklet(copy)
        self.assertEqual([(face["id"], face["rotation"]) for face in again["faces"]], [(face["id"], face["rotation"]) for face in booklet["faces"]])

    def test_faces_move_between_booklets_and_out_of_them(self):
        one, two = (self.booklet(copy) for copy in self.copies(status="STAGING")[:2])
        moved = faces_of(two)[0]
        changed = self.admin.patch(f"/api/exams/booklets/{one['id']}/faces/", {"faces": [{"id": face} for face in faces_of(one)[:-1] + [moved]]}, expect=200).json
        self.assertEqual(faces_of(changed), faces_of(one)[:-1] + [moved])
        self.assertNotIn(moved, faces_of(self.admin.get(f"/api/exams/booklets/{two['id']}/").json))
        self.assertIn(faces_of(one)[-1], {face["id"] for face in report_of(self.admin, self.exam)["unplaced"]})
        for faces, code in (([UNKNOWN], "face.unknown"), ([moved, moved], "face.twice"), ([], "request.invalid")):
            answer = self.admin.patch(f"/api/exams/booklets/{one['id']}/faces/", {"faces": [{"id": face} for face in faces]})
            self.refused(answer, 400, code)

    def test_128_129_130_validation(self):
        waiting = self.copies(status="STAGING")
        copy = self.admin.post(f"/api/exams/copies/{waiting[0]['id']}/validate/", expect=200).json
        self.assertEqual(copy["status"], "READY")
        self.assertIsNotNone(copy["validated_at"])
        self.assertEqual(self.service.rows(f"select count(*) from grading_event where copy_id = '{copy['id']}' and action = 'VALIDATE'"), [["1"]])
        self.refused(self.admin.post(f"/api/exams/copies/{copy['id']}/validate/"), 409, "copy.not_staging")
        answer = self.admin.post(f"/api/exams/{self.exam}/validate-all/", expect=200).json
        self.assertEqual((answer["validated_count"], answer["errors"]), (len(waiting) - 1, []))
        self.assertEqual(self.copies(status="STAGING"), [])
        self.refused(self.admin.post(f"/api/exams/copies/{UNKNOWN}/validate/"), 404, "copy.not_found")

    def test_127_a_copy_without_pages_is_not_validated(self):
        copy = self.copies(status="STAGING")[0]
        self.service.rows(f"insert into copy (id, exam_id, anonymous_id, created_at, updated_at) values ('{UNKNOWN}', '{self.exam}', 'Z999', 0, 0)")
        self.addCleanup(self.service.rows, f"delete from copy where id = '{UNKNOWN}'")
        self.refused(self.admin.post(f"/api/exams/copies/{UNKNOWN}/validate/"), 409, "copy.no_faces")
        answer = self.admin.post(f"/api/exams/{self.exam}/validate-all/", expect=200).json
        self.assertIn(copy["id"], answer["validated"])
        self.assertEqual([(fault["copy_id"], fault["code"]) for fault in answer["errors"]], [(UNKNOWN, "copy.no_faces")])


@on_both_databases
class Arrangements(ServiceTest):
    """Section 6 on generated stacks: what is found is what was written, whatever the sheets' way through the scanner."""

    def check(self, *options):
        folder = batch(*options)
        exam = finished(self.admin, folder)
        report = report_of(self.admin, exam)
        self.assertEqual(faults(folder, report), [])
        return report

    def test_111_112_113_114_115_a3_in_booklet_and_plain_order(self):
        self.assertEqual(self.check("--imposition", "booklet")["batch"]["imposition"], "booklet")
        self.assertEqual(self.check("--imposition", "plain", "--seed", 13)["batch"]["imposition"], "plain")

    def test_111_a4_and_mixed(self):
        for form in ("a4", "mixed"):
            with self.subTest(form=form):
                self.check("--format", form, "--seed", 17)

    def test_116_a_copy_with_an_odd_number_of_faces_is_flagged_not_lost(self):
        report = report_of(self.admin, finished(self.admin, odd_batch()))
        odd = [copy for copy in report["copies"] if len(copy["faces"]) % 4]
        self.assertEqual([(len(copy["faces"]), copy["warnings"][0]) for copy in odd], [(3, "3 faces where a copy of this batch usually has 4.")])
        self.assertEqual(report["unplaced"], [])

    def test_117_118_two_sheets_of_one_student_join(self):
        report = self.check("--several", 2, "--dpi", 200, "--seed", 23)
        self.assertTrue(any(len(copy["faces"]) == 8 for copy in report["copies"]), [len(copy["faces"]) for copy in report["copies"]])

    def test_a_damaged_page_fails_no_batch(self):
        report = self.check("--corrupt", "--seed", 29)
        said = report["unplaced"] + [face for copy in report["copies"] for face in copy["faces"] if "damaged" in face["flags"]]
        self.assertTrue(said)

    def test_a_scan_of_empty_pages_is_a_batch_without_copies(self):
        answer = blank_exam(self.admin, pages=3)
        self.assertEqual(self.admin.succeeded(answer["task_id"])["copies_created"], 0)
        report = report_of(self.admin, answer["exam_id"])
        self.assertEqual((report["copies"], len(report["unplaced"])), ([], 3))
        self.assertTrue(all(face["reason"] for face in report["unplaced"]))
