import type { Guide, TourWords } from './guide'

const ADMIN: Guide = {
  lead: 'De la pile de copies aux résultats publiés : chaque étape a sa page, et la carte de l’examen dit laquelle vient ensuite.',
  chapters: [
    {
      id: 'create',
      title: 'Créer un examen',
      steps: [
        'Examens, Nouvel examen : nom, matière, date.',
        'Déposez le PDF du scanner et la liste des élèves (CSV) ensemble sur la page.',
        'Choisissez A3 (feuilles doubles pliées) ou A4, puis lancez le traitement.',
      ],
      note: 'Un envoi interrompu reprend où il en était, même après avoir fermé la page.',
      to: '/exams/new',
    },
    {
      id: 'check',
      title: 'Contrôler ce qui a été lu',
      steps: [
        'Le rapport montre copies, absents, pages blanches ou douteuses.',
        'Agrafage : déplacer, tourner, couper ou réunir des pages ; tout s’annule.',
        'À régler : pages signalées, deux copies d’un même élève, quarantaine, variantes du sujet.',
      ],
      to: '/exams',
    },
    {
      id: 'identify',
      title: 'Dire à qui sont les copies',
      steps: [
        'Korrigo identifie ce qui est sûr ; le reste attend sur Identification.',
        'Touches 1 à 5 : choisir un candidat ; / : chercher un élève, même mal orthographié ; Ctrl Z : revenir.',
        'À plusieurs, personne ne reçoit la même copie ; le bilan de la séance est sur S.',
      ],
      note: 'Les correcteurs ne voient jamais le nom : l’en-tête est effacé des images, pas seulement caché.',
    },
    {
      id: 'bareme',
      title: 'Barème et documents',
      steps: [
        'Barème : partez d’un modèle, collez une liste, ou construisez l’arbre des questions.',
        'Documents : sujet et corrigé en PDF ; les correcteurs les ouvrent à côté de la copie.',
        'Un barème changé après la correction montre d’abord ce qu’il déplace ; vous appliquez, ou non.',
      ],
    },
    {
      id: 'dispatch',
      title: 'Répartir et suivre la correction',
      steps: [
        'Correction : cochez les correcteurs, puis Répartir les copies.',
        'On peut aussi répartir un exercice après l’autre : plusieurs correcteurs travaillent alors en même temps sur une copie, chacun dans ses exercices.',
        'Le tableau montre où en est chaque copie ; une copie se transfère, se déverrouille, se rouvre.',
      ],
    },
    {
      id: 'publish',
      title: 'Publier les résultats',
      steps: [
        'Résultats : la page dit ce qui manque encore.',
        'Publier rend la copie corrigée visible à chaque élève ; retirer est possible à tout moment.',
        'Exports : PDF en un ZIP, CSV, tableur, Pronote.',
      ],
      note: 'Les statistiques par question, classe et correcteur ont leur page, qui s’imprime.',
    },
    {
      id: 'people',
      title: 'Élèves, comptes, réglages, journal',
      steps: [
        'Élèves : import d’une liste ; la même liste une seconde fois ne crée aucun double.',
        'Comptes : un mot de passe provisoire est montré une seule fois.',
        'Journal : qui a fait quoi, quand et d’où.',
      ],
      to: '/audit',
    },
  ],
}

const TEACHER: Guide = {
  lead: 'Vos copies arrivent sur Mes copies. Rien de ce que vous écrivez ne peut se perdre, même hors ligne.',
  chapters: [
    {
      id: 'mark',
      title: 'Corriger une copie',
      steps: [
        'Mes copies, Continuer à corriger : la copie remplit l’écran.',
        'Chiffres : points de la question en cours ; Entrée : question suivante.',
        'c commente, d dessine, t et x tamponnent juste et faux ; n passe à la copie suivante.',
        'f termine la copie quand chaque question a ses points.',
      ],
      note: 'La touche ? montre toutes les touches de la page.',
      to: '/copies',
    },
    {
      id: 'remarks',
      title: 'Remarques et banques',
      steps: [
        'r écrit une remarque sur la question ; celles qui ont servi sont proposées.',
        'Une remarque se garde pour soi ou pour tous les correcteurs de l’examen.',
        'a écrit l’appréciation générale.',
      ],
    },
    {
      id: 'documents',
      title: 'Sujet et corrigé à côté',
      steps: ['s ouvre le sujet, le corrigé et le barème à côté de la copie ; ils restent pour la copie suivante.'],
    },
    {
      id: 'question',
      title: 'Par question, et la table lumineuse',
      steps: [
        'En haut du bureau, choisissez une question : n reste sur elle de copie en copie.',
        'Table lumineuse : la même question de toutes les copies, côte à côte ; 1 à 9 font des piles, o change l’ordre.',
      ],
    },
    {
      id: 'offline',
      title: 'Travailler hors ligne',
      steps: [
        'Emporter pour travailler hors ligne : les copies restent 12 heures à vous seul.',
        'Fermez, rouvrez, rechargez sans réseau : le bureau s’ouvre et garde tout.',
        'Au retour du réseau, tout part tout seul ; Enregistré le confirme.',
      ],
      note: 'Si quelqu’un a changé la même chose entre-temps, les deux versions sont montrées et vous choisissez.',
    },
    {
      id: 'trouble',
      title: 'Une page illisible, un nom visible',
      steps: ['Le drapeau en haut du bureau signale la page à l’administration, et rend la copie si vous voulez.'],
    },
  ],
}

const STUDENT: Guide = {
  lead: 'Vos copies corrigées, dès que l’établissement les publie.',
  chapters: [
    {
      id: 'results',
      title: 'Voir ses résultats',
      steps: [
        'Mes résultats montre chaque examen publié, la note et l’appréciation.',
        'Voir la copie : la copie annotée, et à côté les points et remarques question par question.',
        'Une remarque choisie montre l’endroit dont elle parle.',
      ],
      to: '/results',
    },
    {
      id: 'download',
      title: 'Garder sa copie',
      steps: ['Télécharger enregistre la copie corrigée en PDF, avec sa page de synthèse.'],
    },
    {
      id: 'question',
      title: 'Une question sur la note',
      steps: [
        'Adressez-vous à votre professeur avec le numéro de la question : la remarque est au même endroit pour lui.',
      ],
    },
  ],
}

export const guides = { ADMIN, TEACHER, STUDENT }

export const tour: TourWords = {
  bareme: {
    text: 'Exercices, questions, points. Il peut changer plus tard : vous verrez d’abord ce que cela déplace.',
    title: 'Le barème',
  },
  exams: {
    text: 'Une carte par examen : où il en est, et un bouton pour ce qui vient ensuite. Un scan se dépose par Nouvel examen.',
    title: 'Vos examens',
  },
  help: {
    text: 'Ce guide reste sous Aide ; la touche ? montre les touches de chaque page.',
    title: 'Et pour la suite',
  },
  identify: {
    text: 'Seules les copies dont Korrigo n’est pas sûr attendent ici : une touche par copie.',
    title: 'À qui sont les copies',
  },
  marking: {
    text: 'Cochez les correcteurs et répartissez : ils corrigent à l’écran, sans voir les noms.',
    title: 'La correction',
  },
  report: {
    text: 'Copies, absents, pages blanches ou douteuses. Ce qui ne va pas se répare d’ici.',
    title: 'Ce que le scan contenait',
  },
  results: {
    text: 'La page dit ce qui manque, publie, et exporte vers Pronote ou un tableur.',
    title: 'Les résultats',
  },
}
