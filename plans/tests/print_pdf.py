"""Prints a text as a PDF with cairo and tells how many pages it has.

    /usr/bin/python3 print_pdf.py IN.txt OUT.pdf

Needs pycairo (Debian: python3-cairo) and a Chinese font. Exit status: 0 printed; 2 no cairo.
"""

import sys

try:
    import cairo
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(2)

WIDTH, HEIGHT, MARGIN = 595, 842, 70
LETTERS, LEADING = 36, 18

surface = cairo.PDFSurface(sys.argv[2], WIDTH, HEIGHT)
page = cairo.Context(surface)
page.select_font_face("Noto Serif CJK SC")
page.set_font_size(12)
with open(sys.argv[1], encoding="utf-8-sig") as text:
    paragraphs = text.read().splitlines()


def lines(paragraph):
    """Parts of a paragraph, broken where printers break: not inside numbers and Latin words."""
    while len(paragraph) > LETTERS:
        end = LETTERS
        while end > 1 and paragraph[end - 1 : end + 1].isascii() and paragraph[end - 1 : end + 1].isalnum():
            end -= 1
        yield paragraph[:end]
        paragraph = paragraph[end:]
    yield paragraph


pages, y = 1, MARGIN
for paragraph in paragraphs:
    for line in lines(paragraph):
        if y > HEIGHT - MARGIN:
            surface.show_page()
            pages, y = pages + 1, MARGIN
        page.move_to(MARGIN, y)
        page.show_text(line)
        y += LEADING
surface.finish()
print(pages)
