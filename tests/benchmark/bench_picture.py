# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draws what bench.py has found: a row of bars for each load, in ratio to Teahouse."""

import html

WIDTH = 760
NAMES = 290
BARS = 340
ROW = 20
GAP = 16
TOP = 56
OURS = "Teahouse"

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.load { font-weight: 600 }
.bar { fill: #9aa4af }
.ours { fill: #26a269 }
.floor { fill: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .bar { fill: #6e7681 } .floor { fill: #3d444d }
}
"""


def loads(results):
    for part, servers in results.items():
        if part.startswith("saturation-"):
            yield f"{part.removeprefix('saturation-')} members, as fast as it goes", servers
    if "light" in results:
        yield "Light load: 100 members, 50 messages a second", results["light"]


def draw_bar(y, name, value, longest):
    kind = "ours" if name.startswith(OURS) else "floor" if name.startswith("floor") else "bar"
    width = max(1, BARS * value / longest)
    return (f'<text x="{NAMES - 8}" y="{y + 14}" text-anchor="end">{html.escape(name)}</text>\n'
            f'<rect class="{kind}" x="{NAMES}" y="{y + 3}" width="{width:.1f}" height="{ROW - 5}"'
            f' rx="2"/>\n<text x="{NAMES + width + 6:.1f}" y="{y + 14}">{value:.2f}</text>\n')


def draw(found):
    """Returns: the picture, as SVG."""
    body = []
    y = TOP
    for title, servers in loads(found["results"]):
        if not servers.get(OURS):
            continue
        ours = servers[OURS]["us_a_delivery"]
        bars = [(name, one["us_a_delivery"] / ours) for name, one in servers.items() if one]
        longest = max(value for _, value in bars)
        body.append(f'<text class="load" x="16" y="{y + 12}">{html.escape(title)}</text>\n')
        y += ROW
        for name, value in bars:
            body.append(draw_bar(y, name, value, longest))
            y += ROW
        y += GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}"'
            f' viewBox="0 0 {WIDTH} {y}" role="img">\n'
            "<title>Server CPU for a delivery, in ratio to Teahouse</title>\n"
            f"<style>{STYLE}</style>\n"
            '<text class="title" x="16" y="28">Server CPU for a delivery (Teahouse: encrypted and'
            f" stored, 1.00)</text>\n{''.join(body)}</svg>\n")
