"""HTTP and Dash: the only room that knows either.

assets_url      addresses of our own static files
api           files of a view, parameters and OpenAPI, all from the declared parameters
banner          what every page of a preview says
dash_shell      everything of Dash, its private parts included
digests         the digest that a file travels with
document        a page inside its frame, as one HTML document
errors          what a visitor reads when there is no answer
health          how the site is, as /salud tells it
needs           which pages need a file of the release
routes          addresses that are not pages: files, pictures, sitemap, health
search_engines  what others need to find the site
security        headers of every response
state           the state of the sources, for programs
serving         the current release, changed without stopping, and older ones
watch           what looks at the disk so that no request has to
"""
