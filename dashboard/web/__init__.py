"""HTTP and Dash: the only room that knows either.

addresses       which page an address is of, and how the site would write it
admission       how many requests are worked on at a time
again           short answers of tables asked in the same words a moment ago
answers         the way of every request to its answer
analyses        the files of an analysis
api             files of a view, parameters and OpenAPI, all from the declared parameters
apart           a file written in a process of its own
assets_url      addresses of our own static files
at_once         what never waits: how the site is, and its static files
banner          what every page of a preview says
ckan            what is published, as CKAN tells it
counted         what the site counts of itself, for Prometheus
cross_origin    what the pages of other sites may ask
dash_shell      everything of Dash, its private parts included
digests         the digest that a file travels with
document        a page inside its frame, as one HTML document
door            how visitors come in: a few at a time
embeds          an answer outside the site: pictures, frames and oEmbed
errors          what a visitor reads when there is no answer
etags           whether whoever asks has already what would be sent, or wants only that
extract_asked   what an address asks of a whole table of a release
extract_stat    what was asked of a table as a cube of figures
extract_told    what the API says of the tables
extracts        the filtered API
flowing         answers that are sent while they are made
garbage         how often Python looks for garbage
health          how the site is, as /salud tells it
kept            answers whose bytes are made once
limits          what a request may weigh and how long it may take to come
links           what an answer says of itself: its description, its licence and how to cite it
live            what a change of the filters asks, and its answer
made_files      files made once, while whoever asks waits
metadata        the catalogue as machines harvest it
memory          how much memory may still be taken
named           what the site is called, and who asks for another name
needs           which pages need a file of the release
not_modified    what of an answer is known before it is made
notebooks       worked analyses as notebooks, which read this site
observed        what is seen of every request from outside
offered         what is offered of a release beside its files
openapi         the OpenAPI document of a release
painting        from a visit to the bytes of its page
parts           the part of a file that whoever asks wants
pinned          addresses that name a release, and stay in it
priority        what other processes leave to the one that answers
problems        what went wrong, as whoever asked can take it
pxweb           the tables as PxWeb's API gives them
releases        what is different between releases, the feed of them, and the latest of a file
rehearsal       the first request of each kind, before anybody comes
renderer        the process that makes pages for another
renderers       pages made in processes of their own, when visitors wait
routes          addresses that are not pages: files, pictures, sitemap, health
search_engines  what others need to find the site
sent_files      a file as it is sent: compressed, in parts, or not again
security        headers of every response
statistics      tables of figures for statistical programs
styles          which style sheets a document needs
state           the state of the sources, for programs
shelf           things made once and kept on the disk, within a limit
serving         the current release, changed without stopping, and older ones
supervised      what systemd is told of the site
touched         the sheets to touch of a map
value_names     what the OpenAPI document calls the values that only a release has
waiting         what a visitor reads while there is no room, or no release
watch           what looks at the disk so that no request has to
written         the log for programs: one line of JSON for each request
"""
