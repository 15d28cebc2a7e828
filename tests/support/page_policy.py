"""What the content policy of the portal refuses to run or to show: no page of ours may hold any of it."""


def forbidden(page):
    """Styles and handlers in an attribute, styles and scripts in the text, addresses of elsewhere (a parsed page)."""
    # a block of data is read, never run
    yield from page.xpath("//@style | //style | //script[not(@src) and not(@type='application/json')]")
    yield from page.xpath("//@*[starts-with(name(), 'on')]")
    yield from page.xpath("//@*[starts-with(name(), 'hx-on') or name() = 'hx-vals']")
    # an image may hold itself (img-src data:): the one of the second factor is drawn for this page alone
    addresses = page.xpath("//@href | //@src[not(parent::img and starts-with(., 'data:image/'))] | //@action")
    yield from (url for url in addresses if url.startswith(("http:", "https:", "//", "javascript:", "data:")))
