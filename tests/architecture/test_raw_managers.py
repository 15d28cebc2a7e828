"""Views, API, tasks, forms and filters never read a table without asking whose eyes they read it for."""

import ast

import pytest

from tests.support.source import modules, with_parents

WEB = {"views", "api", "tasks", "forms", "filters", "serializers"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# Methods that scope, and one that has nothing to hide.
SCOPING_METHODS = {"visible_to", "actionable_by", "readable_by", "publishable_by", "journal", "none"}
SCOPING_FUNCTIONS = {"get_visible", "get_actionable", "abilities", "ScopedRelatedField"}
# A view of the interface that names its rows `queryset` reads them through `visible_to`.
SCOPING_VIEW = "ResourceViewSet"
# (module, model): why the query needs no scope.
ALLOWED = {
    ("facilitators/api/idempotency.py", "RepeatableRequest"): "those of the key that asks, and the purge",
    ("facilitators/forms.py", "Territory"): "the administrator grants rights anywhere",
    ("facilitators/forms.py", "Directorate"): "the administrator grants rights anywhere",
    ("operations/api.py", "Commune"): "looked up within the territories of the key",
    ("operations/api.py", "Directorate"): "public reference, by its code",
    ("facilitators/views.py", "User"): "accounts are the administrator's, under @requires",
    ("facilitators/views.py", "Invitation"): "invitations are the administrator's, under @requires",
    ("markets/api/companies.py", "Commune"): "public reference, by its code",
    ("markets/api/companies.py", "Company"): "in sight of the key, or deposited under a reference of its structure",
    ("markets/api/lots.py", "Calibration"): "prefetched from lots that are scoped already",
    ("markets/api/lots.py", "RomeCode"): "public reference, by its code",
    ("markets/api/lots.py", "Trade"): "public reference, by its code",
    ("markets/filters.py", "Lot"): "EXISTS within rows that are scoped already",
    ("markets/programme/filters.py", "Lot"): "EXISTS within rows that are scoped already",
    ("markets/views/forecast.py", "Trade"): "public reference",
    ("markets/views/programme.py", "Directorate"): "names of the directions, which every role may filter by",
    ("markets/views/programme.py", "Trade"): "public reference",
    ("markets/views/grids.py", "CriteriaGrid"): "the criteria are public in the Département, under @requires",
    ("markets/views/grids.py", "Criterion"): "the criteria are public in the Département, under @requires",
    ("markets/views/references.py", "CriteriaGrid"): "the criteria are public in the Département, under @requires",
    ("markets/views/references.py", "LegalThreshold"): "public law, under @requires",
    ("markets/views/references.py", "PenaltyRule"): "printed in every market, under @requires",
    ("markets/views/references.py", "Trade"): "public reference",
    ("markets/views/hourly_rates.py", "HourlyRate"): "public law, under @requires",
    ("markets/forms/codes.py", "CpvCode"): "public reference",
    ("markets/forms/codes.py", "RomeCode"): "public reference",
    ("markets/views/search.py", "CpvCode"): "public reference",
    ("markets/views/search.py", "RomeCode"): "public reference",
    ("markets/views/lots.py", "Territory"): "an agent of a direction opérationnelle places a lot in any territory",
    ("participants/api/participants.py", "Commune"): "public reference, by its code",
    ("participants/api/validations.py", "EligibilityCategory"): "public reference, by its code",
    ("participants/filters/work.py", "Referral"): "EXISTS within rows that are scoped already",
    ("participants/forms/company_pages.py", "RomeCode"): "public reference",
    ("participants/forms/persons.py", "Commune"): "public reference",
    ("participants/forms/postings.py", "RomeCode"): "public reference",
    ("participants/forms/validations.py", "EligibilityCategory"): "public reference",
    ("participants/views/categories.py", "EligibilityCategory"): "public reference, under @requires",
    ("participants/filters/persons.py", "EligibilityValidation"): "EXISTS within rows that are scoped already",
    ("participants/views/persons.py", "EligibilityValidation"): "prefetched from persons that are scoped already",
    ("reporting/api/references.py", "Commune"): "public reference, for any key",
    ("reporting/api/references.py", "CpvCode"): "public reference, for any key",
    ("reporting/api/references.py", "Directorate"): "names of the directions, for any key",
    ("reporting/api/references.py", "EligibilityCategory"): "public reference, for any key",
    ("reporting/api/references.py", "RomeCode"): "public reference, for any key",
    ("reporting/api/references.py", "Territory"): "names of the territories, for any key",
    ("reporting/api/references.py", "Trade"): "public reference, for any key",
    ("reporting/dashboards/filters.py", "Convention"): "a public act, read for its dates",
    ("reporting/dashboards/filters.py", "Trade"): "public reference",
    ("reporting/views/branding.py", "BrandingLogo"): "public logos, under @requires",
    ("reporting/views/branding.py", "Structure"): "names of institutions, under @requires",
}

# Functions of a queryset that give the same rows back.
ANNOTATING_FUNCTIONS = {"with_scans"}


def web_modules():
    return {path: tree for path, tree in modules().items() if WEB & {*path.removesuffix(".py").split("/")}}


def climb(node):
    """(names of the methods chained on this manager, the outermost node of the chain)."""
    methods = set()
    while True:
        parent = node.parent
        if isinstance(parent, ast.Attribute):
            methods.add(parent.attr)
        elif isinstance(parent, ast.Call) and node in parent.args[:1] and name_of(parent.func) in ANNOTATING_FUNCTIONS:
            pass  # the same rows, told more of
        elif not (isinstance(parent, ast.Call) and parent.func is node):
            return methods, node
        node = parent


def is_scoped(node, followed=None):
    """True when what is read from this node goes through the rights of somebody.

    `followed` is the variable whose uses are being checked one by one: what is put back in it is seen elsewhere.
    """
    methods, chain = climb(node)
    if methods & SCOPING_METHODS:
        return True
    parent = chain.parent
    if isinstance(parent, ast.Call) and chain in parent.args[:1] and name_of(parent.func) in SCOPING_FUNCTIONS:
        return True
    if not isinstance(parent, ast.Assign):
        return False
    variable = name_of(parent.targets[0])
    if isinstance(parent.parent, ast.ClassDef):
        return variable == "queryset" and SCOPING_VIEW in map(name_of, parent.parent.bases)
    return variable == followed or variable_is_scoped(parent, variable)


def variable_is_scoped(assignment, variable):
    """`rows = Lot.objects…` is scoped when every use of `rows` in the function is."""
    function = assignment
    while not isinstance(function, ast.FunctionDef | ast.Module):
        function = function.parent
    uses = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == variable and isinstance(node.ctx, ast.Load)
    ]
    return bool(uses) and all(is_scoped(use, variable) for use in uses)


def name_of(node):
    return getattr(node, "id", None) or getattr(node, "attr", None)


def raw_managers(path, tree):
    """{(module, model)} read without a scope."""
    return {
        (path, name_of(node.value))
        for node in ast.walk(with_parents(tree))
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and not is_scoped(node)
    }


def found():
    return {raw for path, tree in web_modules().items() for raw in raw_managers(path, tree)}


def test_no_raw_manager_in_the_web():
    assert found() - set(ALLOWED) == set()


def test_no_permission_to_be_raw_is_stale():
    assert set(ALLOWED) - found() == set()


@pytest.mark.parametrize(
    ("source", "raw"),
    [
        ("Lot.objects.visible_to(user)", False),
        ("Lot.objects.to_review().visible_to(user).count()", False),
        ("get_visible(Lot.objects, user, pk=pk)", False),
        ("get_actionable(Lot.objects.select_related('market'), user, P, pk=pk)", False),
        ("Lot.objects.get(pk=pk)", True),
        ("Lot.objects.all()", True),
        ("Lot._default_manager.all()", True),
        ("get_object_or_404(Lot.objects, pk=pk)", True),
        ("get_visible(other, Lot.objects)", True),
        ("class Lots(ResourceViewSet):\n    queryset = Lot.objects.all()", False),
        ("class Lots(ResourceViewSet):\n    others = Lot.objects.all()", True),
        ("class Lots(ViewSet):\n    queryset = Lot.objects.all()", True),
        ("lot = ScopedRelatedField(Lot.objects.all(), resource='lots')", False),
        ("def view():\n    rows = Lot.objects.select_related('market')\n    return get_visible(rows, user)", False),
        ("def view():\n    rows = Lot.objects.all()\n    return rows.get(pk=1)", True),
        ("def view():\n    rows = Lot.objects.all()\n    rows = rows.open()\n    return rows.visible_to(user)", False),
        ("def view():\n    rows = Lot.objects.all()\n    rows = rows.open()\n    return rows", True),
        (
            "def view():\n    rows = Lot.objects.all()\n    seen = rows.visible_to(user)\n    return rows.get(pk=1)",
            True,
        ),
    ],
)
def test_the_guard_sees_what_it_must(source, raw):
    assert bool(raw_managers("views.py", ast.parse(source))) is raw
