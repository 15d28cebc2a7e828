from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilitators.enums import Permission
from facilitators.permissions import scope_of
from reporting.todo import tasks_for
from reporting.views.statements import readable


@require_safe
def home(request):
    """« À faire », and the last papers for those who read them."""
    statements = []
    if scope_of(request.user).allows(Permission.VIEW_STATEMENTS):
        statements = readable(request.user).published().select_related("territory", "market")[:5]
    context = {"tasks": tasks_for(request.user), "statements": statements}
    return render(request, "reporting/home.html", context)
