"""Pages as a person has them: the words she reads, the forms she fills in, what she is told."""

from lxml import html


def document(response):
    """The parsed page."""
    return html.fromstring(response.content.decode())


def tidy(text):
    """Blanks made one, non-breaking ones too: what the eye sees."""
    return " ".join(text.split())


def words(response):
    """Everything written in the page."""
    return _spaced(document(response))


def _spaced(element):
    """Text of an element, two neighbours never glued together."""
    return tidy(" ".join(element.itertext())).replace(" ,", ",")


def table(response, caption=""):
    """[[text of each cell]] of the lines of the table so captioned, its head left aside."""
    lines = document(response).xpath("//main//table[starts-with(caption, $caption)]/tbody/tr", caption=caption)
    return [[_spaced(cell) for cell in line.xpath("./th|./td")] for line in lines]


def told(response):
    """Sentences of the messages at the top of the page."""
    return [tidy(text.text_content()) for text in document(response).xpath("//div[@id='messages']//p")]


def errors(response):
    """Sentences of the error summary, the label of the field left aside."""
    lines = document(response).xpath("//div[contains(@class, 'error-summary')]//li")
    return [tidy(line[0].tail).removeprefix(": ") if len(line) else tidy(line.text_content()) for line in lines]


def form_of(response, action=None):
    """The form of the page that is sent, the one with this `action` (« » for none) when there are several."""
    forms = [form for form in document(response).xpath("//main//form") if form.method == "POST"]
    if action is not None:
        forms = [form for form in forms if (form.action or "") == action]
    assert len(forms) == 1, (response.request["PATH_INFO"], [form.action for form in forms])
    for field in forms[0].inputs:
        _as_a_browser_reads(field)
    return forms[0]


def _as_a_browser_reads(field):
    """An empty field is sent empty, and the newline that opens a text area is not part of it."""
    if field.tag == "textarea":
        field.value = (field.value or "").removeprefix("\n")
    elif field.tag == "input" and field.type not in {"radio", "checkbox"} and field.value is None:
        field.value = ""


def typed(response, action=None):
    """{field: value} that the form of this page would send."""
    return dict(form_of(response, action).form_values())


def submit(client, url, /, action=None, button=None, **values):
    """Open the page at `url`, fill in its form as a browser does, send it, go where it leads.

    A list selects several options, None leaves a choice empty. `button`: {name: value} of the button pressed.
    """
    form = form_of(client.get(url), action)
    for name, value in values.items():
        _fill(form, name, value)
    sent = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return client.post(form.action or url, sent | (button or {}), follow=True)


def _fill(form, name, value):
    field = form.inputs[name]
    if isinstance(field, html.CheckboxGroup) or (hasattr(field, "value_options") and getattr(field, "multiple", False)):
        field.value = [str(option) for option in value]
    else:
        field.value = None if value is None else str(value)


def assert_done(response, sentence):
    """The act took place: the person was led elsewhere, and told so."""
    assert response.redirect_chain, errors(response)
    assert tidy(sentence) in told(response), told(response)


def assert_refused(response, *sentences):
    """The form comes back with these sentences and no other."""
    assert response.status_code == 422, response
    assert errors(response) == [tidy(sentence) for sentence in sentences], errors(response)
