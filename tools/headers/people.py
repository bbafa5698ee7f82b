"""Invented rosters that are hard to tell apart, and what their students write into a header."""

import unicodedata

LAST = """Martin Bernard Dubois Lefèvre Moreau Laurent Girard Roux Fontaine Chevalier Robin Masson Gauthier Perrin Clément Morin Nguyen Traoré
Diallo Benali Haddad Mansouri Cohen Ferreira García Rossi Kowalski Novák Yilmaz Quéméner Kerviel Abgrall Zidane Wagner Schneider Muller Vasseur
Delacroix Delattre Vandamme Lemaître Bourgeois Charpentier Boulanger Berger Marchand Tessier Joly Gillet Guillot Hoarau Payet Grondin Rivière
Rakoto Randria Sow Cissé Konaté Ouattara Ndiaye Fofana Touré Chen Li Tran Pham Sivakumar Kaya Arslan Öztürk Popescu Ionescu Petrov Ivanova
Jankowski Santos Pereira Lopes Almeida Beaumont Bonnefoy Jourdain Lacroix Pasquier Renaud Picard Hubert Noël Maillard Colin Aubert Besson
Roussel Rousseau Mercier Blanc Guérin Faure Andrieux Barbier Arnaud Giraud Brun Lambert Bonnet Meunier Leclerc Dupuis Carpentier Bailly Weber
Cousin Vidal Hamon Prévost Millet Perret Daniel Boucher Gaillard Brunet Huet Le-Roux Lucas Mallet Marty Mathieu Klein Schmitt Étienne Poirier""".split()
PARTICLES = ["Da Silva", "Le Gall", "Le Goff", "De La Tour", "D'Angelo", "O'Brien", "Ben Salah", "Dos Santos", "Du Pont", "L'Hostis", "El Amrani",
             "Van Dijk", "De Oliveira", "Le Bihan", "N'Guessan", "Ait Ahmed"]
FIRST = """Emma Louise Jade Alice Chloé Léa Manon Inès Camille Sarah Zoé Anaïs Clémence Mathilde Juliette Océane Maëlle Noémie Élise Héloïse
Fatou Aminata Awa Yasmine Lina Nour Leïla Léo Gabriel Raphaël Arthur Louis Jules Adam Hugo Lucas Nathan Théo Noé Maxime Clément Antoine Baptiste
Mathéo Jean Paul Simon François Grégoire Loïc Yann Erwan Mohamed Ibrahim Youssef Mamadou Rayan Bilal Ismaël Kévin Dylan Enzo Tom Zakaria William
Oscar Félix Julie Julien Marie Marion Laura Lola Romane Rose Ambre Eva Agathe Victor Valentin Quentin Samuel Sacha Axel Robin Eliott Ewen Tiphaine
Shaïma Kaïs Wassim Salomé Apolline Capucine Margaux Justine Pauline Alexis Alexia Martin Elsa Elisa Nina Mila Lena Lenny Timéo Tiago Gaspard""".split()
DOUBLE_FIRST = ["Marie-Claire", "Anne-Sophie", "Lou-Ann", "Jean-Baptiste", "Pierre-Yves", "Jean-Paul", "Marie-Lou", "Anne-Laure", "Paul Émile", "Léa Marie"]
SYLLABLES = "bel mar ton ca ri lo van du sal gue rin pé ko wal ski der aud ier mon fa zi th o ys cha pu bri lec gré nel tau ver".split()
# First names and last names a letter or two apart: siblings and near namesakes.
NEAR_FIRST = [("Léa", "Léo"), ("Léo", "Théo"), ("Julie", "Julien"), ("Louis", "Louise"), ("Alexis", "Alexia"), ("Emma", "Emmy"), ("Noé", "Zoé"),
              ("Marie", "Marion"), ("Elsa", "Elisa"), ("Lina", "Nina"), ("Simon", "Simone"), ("Gabriel", "Gabrielle"), ("Axel", "Axelle")]
NEAR_LAST = [("Carpentier", "Charpentier"), ("Rousseau", "Roussel"), ("Tessier", "Texier"), ("Lefèvre", "Lefebvre"), ("Petit", "Pettit"),
             ("Muller", "Miller"), ("Girard", "Giraud"), ("Moreau", "Morel"), ("Martin", "Marin"), ("Guillot", "Guillou")]


def folded(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).upper()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def one_of(random, items):
    return items[int(random.integers(len(items)))]


def last_name(random):
    kind = random.random()
    if kind < 0.10:
        return one_of(random, PARTICLES)
    if kind < 0.17:
        return f"{one_of(random, LAST)}{one_of(random, ['-', ' '])}{one_of(random, LAST)}"
    if kind < 0.45:
        return "".join(one_of(random, SYLLABLES) for _ in range(int(random.integers(2, 5)))).capitalize()
    return one_of(random, LAST)


def first_name(random):
    return one_of(random, DOUBLE_FIRST) if random.random() < 0.12 else one_of(random, FIRST)


def birth_date(random):
    return f"{random.integers(1, 29):02}/{random.integers(1, 13):02}/{random.integers(2006, 2010)}"


def person(random):
    return {"last": last_name(random), "first": first_name(random), "date": birth_date(random)}


def hard_pairs(random):
    """Twins, namesakes, near names; now and then two who are alike in everything."""
    last, date = last_name(random), birth_date(random)
    near_first, near_last = one_of(random, NEAR_FIRST), one_of(random, NEAR_LAST)
    first = first_name(random)
    pairs = [{"last": last, "first": near_first[0], "date": date}, {"last": last, "first": near_first[1], "date": date},
             {"last": near_last[0], "first": first, "date": birth_date(random)}, {"last": near_last[1], "first": first, "date": birth_date(random)}]
    if random.random() < 0.5:
        namesake = person(random)
        pairs += [namesake, {**namesake, "date": birth_date(random)}]
    if random.random() < 0.5:
        twin = person(random)
        pairs += [twin, {**twin, "first": first_name(random)}]
    if random.random() < 0.1:
        alike = person(random)
        pairs += [alike, dict(alike)]
    return pairs


def roster(random, count):
    people = hard_pairs(random)
    names = {(p["last"], p["first"]) for p in people}
    while len(people) < count:
        new = person(random)
        if (new["last"], new["first"]) in names:
            continue
        names.add((new["last"], new["first"]))
        if random.random() < 0.06:
            new["date"] = one_of(random, people)["date"]
        people.append(new)
    order = random.permutation(len(people))
    people = [people[i] for i in order]
    used = set()
    for p in people:
        stem = f"{folded(p['first'])}.{folded(p['last'])}".lower().replace(" ", "-")
        number = 1
        while (p_email := f"{stem}{number if number > 1 else ''}@eleves.example.org") in used:
            number += 1
        used.add(p_email)
        p["email"] = p_email
    return people


def stranger(random, people):
    """Somebody who is not on the roster; one in three shares a name or the birth date with one who is."""
    new, like = person(random), one_of(random, people)
    kind = random.random()
    if kind < 0.15:
        new["last"] = like["last"]
    elif kind < 0.27:
        new["first"] = like["first"]
    elif kind < 0.33:
        new["date"] = like["date"]
    if any(folded(p["last"]) == folded(new["last"]) and folded(p["first"]) == folded(new["first"]) for p in people):
        return stranger(random, people)
    return {**new, "email": ""}


def last_word_forms(name):
    words = folded(name).split()
    return {folded(name), words[0], words[-1]}


def first_word_forms(name):
    words = folded(name).split()
    return {" ".join(words[:n]) for n in range(1, len(words) + 1)}


def written(random, p):
    """What the writer puts down: usually everything as the roster has it."""
    last, first, date = p["last"], p["first"], p["date"]
    if len(folded(last).split()) > 1 and random.random() < 0.05:
        last = one_of(random, [last.replace("-", " ").split()[0], last.replace("-", " ").split()[-1]])
    if len(folded(first).split()) > 1 and random.random() < 0.12:
        first = first.replace("-", " ").split()[0]
    if random.random() < 0.01:
        last, first = first, last
    kind = random.random()
    if kind < 0.03:
        date = ""
    elif kind < 0.037:
        date = f"{random.integers(1, 29):02}/{random.integers(1, 13):02}/2026"
    elif kind < 0.042:
        date = f"{date[3:5]}/{date[:2]}/{date[6:]}"
    return {"last": last, "first": first, "date": date}


def agreeing(text, people):
    """How many students of the roster may have written this."""
    last, first = folded(text["last"]), folded(text["first"])
    count = 0
    for p in people:
        straight = last in last_word_forms(p["last"]) and first in first_word_forms(p["first"])
        crossed = first in last_word_forms(p["last"]) and last in first_word_forms(p["first"])
        dates = {p["date"], f"{p['date'][3:5]}/{p['date'][:2]}/{p['date'][6:]}", ""}
        count += (straight or crossed) and text["date"] in dates
    return count
