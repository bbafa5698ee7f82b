import type { Guide, TourWords } from './guide'

const ADMIN: Guide = {
  lead: 'From the stack of papers to published results: every stage has its page, and the card of an exam says which comes next.',
  chapters: [
    {
      id: 'create',
      title: 'Create an exam',
      steps: [
        'Exams, New exam: name, subject, date.',
        'Drop the scanner’s PDF and the list of students (CSV) on the page together.',
        'Choose A3 (folded double sheets) or A4, then start.',
      ],
      note: 'An upload that was interrupted goes on where it was, even after the page was closed.',
      to: '/exams/new',
    },
    {
      id: 'check',
      title: 'Check what was read',
      steps: [
        'The report shows copies, absentees, blank and doubtful pages.',
        'Stapling: move, turn, cut or join pages; everything can be undone.',
        'To see to: reported pages, two copies of one student, quarantine, variants of the subject.',
      ],
      to: '/exams',
    },
    {
      id: 'identify',
      title: 'Say whose copies they are',
      steps: [
        'Korrigo identifies what is certain; the rest waits under Identification.',
        'Keys 1 to 5: choose a candidate; /: look for a student, however misspelled; Ctrl Z: go back.',
        'When several work at once nobody gets the same copy; S sums up the session.',
      ],
      note: 'Correctors never see the name: the header is gone from the pictures, not only covered.',
    },
    {
      id: 'bareme',
      title: 'Marking scheme and documents',
      steps: [
        'Marking scheme: begin with a template, paste a list, or build the tree of questions.',
        'Documents: subject and answer key as PDFs; correctors open them beside the copy.',
        'A scheme changed after the marking first shows what it moves; you apply it, or not.',
      ],
    },
    {
      id: 'dispatch',
      title: 'Share out and follow the marking',
      steps: [
        'Marking: tick the correctors, then share out the copies.',
        'One exercise after the other can be shared out, too: several correctors then work on a copy at once, each within their exercises.',
        'The table shows where each copy is; a copy can be transferred, unlocked, reopened.',
      ],
    },
    {
      id: 'publish',
      title: 'Publish the results',
      steps: [
        'Results: the page says what is still missing.',
        'Publishing shows every student the marked copy; it can be withdrawn at any time.',
        'Exports: PDFs in one ZIP, CSV, workbook, Pronote.',
      ],
      note: 'Statistics by question, class and corrector have a page of their own, which prints.',
    },
    {
      id: 'people',
      title: 'Students, accounts, settings, audit log',
      steps: [
        'Students: import a list; the same list a second time makes no doubles.',
        'Accounts: a temporary password is shown only once.',
        'Audit log: who did what, when and from where.',
      ],
      to: '/audit',
    },
  ],
}

const TEACHER: Guide = {
  lead: 'Your copies arrive under My copies. Nothing you write can be lost, not even offline.',
  chapters: [
    {
      id: 'mark',
      title: 'Mark a copy',
      steps: [
        'My copies, Continue marking: the copy fills the screen.',
        'Figures: points of the current question; Enter: the next question.',
        'c comments, d draws, t and x stamp right and wrong; n goes to the next copy.',
        'f finishes the copy once every question has its points.',
      ],
      note: 'The key ? shows all keys of the page.',
      to: '/copies',
    },
    {
      id: 'remarks',
      title: 'Remarks and banks',
      steps: [
        'r writes a remark on the question; those used before are suggested.',
        'A remark can be kept for yourself or for all correctors of the exam.',
        'a writes the general appreciation.',
      ],
    },
    {
      id: 'documents',
      title: 'Subject and answer key beside the copy',
      steps: ['s opens subject, answer key and marking scheme beside the copy; they stay for the next one.'],
    },
    {
      id: 'question',
      title: 'By question, and the light table',
      steps: [
        'At the top of the desk, choose a question: n stays on it from copy to copy.',
        'Light table: the same question of all copies side by side; 1 to 9 make piles, o changes the order.',
      ],
    },
    {
      id: 'offline',
      title: 'Work offline',
      steps: [
        'Take along to work offline: the copies are yours alone for 12 hours.',
        'Close, open, reload without network: the desk opens and keeps everything.',
        'When the network is back, everything is sent by itself; Saved confirms it.',
      ],
      note: 'If somebody changed the same thing meanwhile, both versions are shown and you choose.',
    },
    {
      id: 'trouble',
      title: 'An illegible page, a visible name',
      steps: ['The flag at the top of the desk reports the page to the office, and gives the copy back if you like.'],
    },
  ],
}

const STUDENT: Guide = {
  lead: 'Your marked copies, as soon as the school publishes them.',
  chapters: [
    {
      id: 'results',
      title: 'See your results',
      steps: [
        'My results shows every published exam, its mark and appreciation.',
        'See the copy: the annotated copy, and beside it points and remarks question by question.',
        'A remark that is chosen shows the place it speaks of.',
      ],
      to: '/results',
    },
    {
      id: 'download',
      title: 'Keep your copy',
      steps: ['Download saves the marked copy as a PDF with its summary page.'],
    },
    {
      id: 'question',
      title: 'A question about the mark',
      steps: ['Ask your teacher with the number of the question: the remark is at the same place there.'],
    },
  ],
}

export const guides = { ADMIN, TEACHER, STUDENT }

export const tour: TourWords = {
  bareme: {
    text: 'Exercises, questions, points. It can change later: you see first what that moves.',
    title: 'The marking scheme',
  },
  exams: {
    text: 'One card for each exam: where it stands, and a button for what comes next. A scan is brought in by New exam.',
    title: 'Your exams',
  },
  help: {
    text: 'This guide stays under Help; the key ? shows the keys of every page.',
    title: 'And from here',
  },
  identify: {
    text: 'Only copies Korrigo is not sure of wait here: one key for each.',
    title: 'Whose copies they are',
  },
  marking: {
    text: 'Tick the correctors and share out: they mark on screen, without seeing names.',
    title: 'The marking',
  },
  report: {
    text: 'Copies, absentees, blank or doubtful pages. What is wrong is mended from here.',
    title: 'What the scan held',
  },
  results: {
    text: 'The page says what is missing, publishes, and exports to Pronote or a workbook.',
    title: 'The results',
  },
}
