"""The figures of `./dev bench identify` for people: tables and a reliability diagram as text, and a page with the diagram and every wrong picture."""

import html
import shutil

SIDE = 420


def share(part, whole):
    return f"{part / whole:6.1%}" if whole else "     -"


def line(name, s):
    letters = "".join(f" {s[kind]:6.1%}" if s[kind] is not None else "      -" for kind in ("letters", "digits"))
    modes = "".join(" " + share(s["modes"][mode], s["headers"]) for mode in s["modes"])
    return (f"{name[:28]:28} {s['headers']:6} {modes} {share(s['automatic_of_decidable'], s['decidable'])} {s['wrong']:5} "
            f"{share(s['first_right'], s['decidable'])} {share(s['among_five'], s['decidable'])}{letters}")


HEAD = f"{'':28} {'count':>6}    AUTO   SEMI MANUAL  AUTO*  wrong first* five*  letter  digit   (* of the decidable)"


def table(title, groups):
    return "\n".join([title, HEAD] + [line(name, s) for name, s in groups.items()])


def diagram_text(bins, error):
    rows = ["claimed   right   count   (bins of equal count)"]
    for claimed, right, count in bins:
        rows.append(f"{claimed:7.4f} {right:7.4f} {count:7}   |{'#' * round(right * 40):40}|")
    return "\n".join(rows + [f"expected calibration error {error * 100:.2f} points"])


def diagram_svg(bins):
    at = lambda v: 30 + v * (SIDE - 40)  # noqa: E731
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" font-family="sans-serif" font-size="11">',
             f'<rect width="{SIDE}" height="{SIDE}" fill="#fff"/>',
             f'<line x1="{at(0)}" y1="{SIDE - at(0)}" x2="{at(1)}" y2="{SIDE - at(1)}" stroke="#999" stroke-dasharray="4"/>']
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<text x="{at(tick)}" y="{SIDE - 12}" text-anchor="middle">{tick}</text><text x="2" y="{SIDE - at(tick) + 4}">{tick}</text>')
    points = " ".join(f"{at(claimed):.1f},{SIDE - at(right):.1f}" for claimed, right, _ in bins)
    parts.append(f'<polyline points="{points}" fill="none" stroke="#06c"/>')
    parts += [f'<circle cx="{at(claimed):.1f}" cy="{SIDE - at(right):.1f}" r="4" fill="#06c"><title>{claimed:.4f}: {right:.4f} of {count}</title></circle>'
              for claimed, right, count in bins]
    return "\n".join(parts + ["</svg>"])


def write_page(folder, text, bins, wrong):
    """folder/index.html, reliability.svg and the pictures of wrong answers."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wrong").mkdir(parents=True)
    (folder / "reliability.svg").write_text(diagram_svg(bins))
    page = ["<!doctype html><meta charset=utf-8><title>Identification</title><h1>Identification</h1>",
            f"<pre>{html.escape(text)}</pre><p>Across: what is claimed; up: how often it is right.</p>", diagram_svg(bins),
            f"<h2>Wrong and automatic: {len(wrong)}</h2>"]
    for number, header in enumerate(wrong):
        name = f"{number:03}-{header.picture.parent.parent.name}-{header.picture.name}"
        shutil.copy(header.picture, folder / "wrong" / name)
        page.append(f'<p>{html.escape(header.described())}<br><img src="wrong/{name}" width="1000"></p>')
    (folder / "index.html").write_text("\n".join(page))
