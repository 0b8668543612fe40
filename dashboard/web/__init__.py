"""HTTP and Dash: the only room that knows either.

apart         a file written in a process of its own
assets_url      addresses of our own static files
api           files of a view, parameters and OpenAPI, all from the declared parameters
banner          what every page of a preview says
dash_shell      everything of Dash, its private parts included
document        a page inside its frame, as one HTML document
errors          what a visitor reads when there is no answer
made_files    files made once, while whoever asks waits
routes          addresses that are not pages: files, pictures, sitemap, health
search_engines  what others need to find the site
sent_files    a file as it is sent: compressed, in parts, or not again
security        headers of every response
state           the state of the sources, for programs
shelf           things made once and kept on the disk, within a limit
serving         the current release, changed without stopping, and older ones
"""
