"""The site of Padrón Abierto: one release of the ETL, served as pages, files and an accessible mode.

app         the application: routes of pages and files, middleware
web         HTTP and Dash
pages       one module per page
views       the questions, one module each
site        one release being served
render      faces of an answer: components, HTML, files, pictures
view        what a question and an answer are
kinds       kinds of picture, each with its words
commitment  GT0105: what is asked for and what there is
indicators  figures by municipio, declared
figures     numbers and where they come from
address     what an address may ask
words       how numbers, dates and lists are written
"""

from pathlib import Path

#: Styles, scripts and pictures, as they are served.
ASSETS = Path(__file__).resolve().parents[1] / "assets"
