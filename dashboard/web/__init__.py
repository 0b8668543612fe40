"""HTTP and Dash: the only room that knows either.

assets_url      addresses of our own static files
dash_shell      everything of Dash, its private parts included
document        a page inside its frame, as one HTML document
errors          what a visitor reads when there is no answer
routes          addresses that are not pages: files, pictures, sitemap, health
search_engines  what others need to find the site
security        headers of every response
serving         the current release, changed without stopping, and older ones
"""
