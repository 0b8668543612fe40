"""A map to be touched: sheets for swell paper and a table for a braille printer, of the same answer as the map on the screen.

Measures are those of ONCE's Documento técnico B 1 (braille cells) and of the «Guidelines and Standards for Tactile Graphics» of
the Braille Authority of North America and the Canadian Braille Authority (2010): few textures, that differ to the touch; lines
and signs that a finger finds; three millimetres of nothing around what is read.

braille_table  the figures as a file for a braille printer
brf            texts as pages of forty cells by twenty-five lines
document       the sheets as a PDF
flow           pages of text, legend and key
keys           the two letters that stand for a name
labels         where the letters of each place go
map_page       the page of the map
marks          what a page is made of, and its measures
offered        where it is offered, and how it is printed
outlines       the borders of the places, without what a finger cannot follow
parts          in how many maps the places go, and with which letters
raster         the same borders as a grid
sheet          what a sheet says, and its pages
textures       how each class feels
vector         a page as SVG
written        a sheet in each of its formats
"""
