"""What a template may say: names, conditions on names, loops over lists. Read on the syntax tree, so that no call,
attribute, filter or operation of Jinja can be reached from an uploaded file."""

from difflib import get_close_matches

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import typographic
from markets.documents.fields import BY_NAME, FIELDS, Kind

# A loop also knows where it is: its number is printed, the two others are asked in a condition.
LOOP, LOOP_NUMBER = "loop", "index"
LOOP_ITEMS = {LOOP_NUMBER, "first", "last"}


class TemplateRefused(DomainError):
    """The template says something it may not; `problems` are French sentences."""

    def __init__(self, problems):
        self.problems = tuple(map(typographic, problems))
        super().__init__(" ".join(self.problems))


class TemplateEnvironment(SandboxedEnvironment):
    """A Jinja without functions, filters nor tests, that compiles nothing before having read its syntax tree."""

    def __init__(self):
        super().__init__(undefined=StrictUndefined, autoescape=True)
        for extras in (self.globals, self.filters, self.tests):
            extras.clear()

    def parse(self, source, *args, **kwargs):
        """The syntax tree. Raises `TemplateSyntaxError`, also for parentheses or conditions nested without end."""
        try:
            return super().parse(source, *args, **kwargs)
        except RecursionError as error:
            raise TemplateSyntaxError("nested too deep", 1) from error

    def compile(self, source, *args, **kwargs):
        """Raises `TemplateRefused`; `TemplateSyntaxError` when it cannot be read."""
        problems = refusals(self.parse(source))
        if problems:
            raise TemplateRefused(problems)
        return super().compile(source, *args, **kwargs)


def refusals(tree):
    """Return French sentences about what a parsed template may not say; empty when it may be filled."""
    reader = Reader()
    reader.read_all(tree.body)
    return reader.sentences()


class Reader:
    """Walks a syntax tree, knowing the variable of the loop it is in."""

    def __init__(self):
        self.unknown = {}
        self.found = {}
        self.variables = {}

    def sentences(self):
        """What was found, each once, unknown names first."""
        return ([unknown_fields(self.unknown)] if self.unknown else []) + list(self.found)

    def refuse(self, sentence):
        self.found[sentence] = None

    def read_all(self, children):
        for child in children:
            self.read(child)

    def read(self, node):
        """A piece of the document: text, field, condition or loop."""
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                self.printed(child)
        elif isinstance(node, nodes.If):
            self.condition(node.test)
            self.read_all([*node.body, *node.elif_, *node.else_])
        elif isinstance(node, nodes.For):
            self.loop(node)
        else:
            self.refuse(ONLY_NAMES)

    def printed(self, node):
        """What stands between double braces."""
        if isinstance(node, nodes.TemplateData):
            return
        name = self.name_of(node)
        if isinstance(node, nodes.Name) and name:
            self.alone(name)
        elif name == LOOP and node.attr != LOOP_NUMBER:
            self.not_printed(f"{LOOP}.{node.attr}")

    def alone(self, name):
        """A name printed by itself: a text or an image."""
        if name in self.variables:
            if self.variables[name]:
                items = " ou ".join(f"{name}.{item}" for item in self.variables[name])
                self.refuse(f"« {name} » est une ligne de liste : écrivez {items}.")
        elif BY_NAME[name].kind is Kind.LIST:
            self.refuse(f"« {name} » est une liste : écrivez une boucle.")
        elif BY_NAME[name].kind is Kind.FLAG:
            self.not_printed(name)

    def not_printed(self, name):
        self.refuse(f"« {name} » ne s’imprime pas : il s’emploie dans une condition.")

    def condition(self, node):
        """Names, « not », « and », « or »."""
        if isinstance(node, nodes.Not):
            self.condition(node.node)
        elif isinstance(node, nodes.And | nodes.Or):
            self.condition(node.left)
            self.condition(node.right)
        else:
            self.name_of(node)

    def name_of(self, node):
        """The name a node reads, None (and a sentence) when it is not one of ours."""
        if isinstance(node, nodes.Name):
            return self.known(node.name)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return self.item(node.node.name, node.attr)
        self.refuse(ONLY_NAMES)
        return None

    def known(self, name):
        if name in self.variables or name in BY_NAME:
            return name
        self.unknown[name] = None
        return None

    def item(self, owner, attribute):
        """`owner.attribute`: a column of the row of a loop, or where the loop is."""
        if owner == LOOP and self.variables and attribute in LOOP_ITEMS:
            return owner
        if attribute in self.variables.get(owner, ()):
            return owner
        self.unknown[f"{owner}.{attribute}"] = None
        return None

    def loop(self, node):
        """`for x in list`: one level, a variable of its own, a list we know."""
        name, source = _names_of_loop(node)
        if name is None or node.test is not None or node.recursive:
            self.refuse(ONE_LOOP)
        elif self.variables:
            self.refuse("Une boucle ne se place pas dans une autre boucle.")
        elif name in BY_NAME or name == LOOP:
            self.refuse(f"« {name} » est le nom d’un champ : donnez un autre nom à la variable de la boucle.")
        elif source not in BY_NAME:
            self.unknown[source] = None
        elif BY_NAME[source].kind is not Kind.LIST:
            self.refuse(f"« {source} » n’est pas une liste : il ne se parcourt pas.")
        else:
            self.variables = {name: BY_NAME[source].items}
            self.read_all(node.body)
            self.variables = {}
            self.read_all(node.else_)


def _names_of_loop(node):
    if isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name):
        return node.target.name, node.iter.name
    return None, None


ONLY_NAMES = "Une balise ne contient que des noms de champs : ni calcul, ni filtre, ni appel, ni attribut."
ONE_LOOP = "Une boucle s’écrit « for nom in liste »."


def unknown_fields(names):
    """« Champ inconnu : « montant ». Champs admis : … », with the nearest name when there is one."""
    shown = ", ".join(f"« {name} »{_nearest(name)}" for name in names)
    word = "Champ inconnu" if len(names) == 1 else "Champs inconnus"
    return f"{word} : {shown}. Champs admis : {', '.join(FIELDS)}."


def _nearest(name):
    near = get_close_matches(name, FIELDS, n=1, cutoff=0.8)
    return f" (vouliez-vous dire « {near[0]} » ?)" if near else ""
