from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilitators.enums import Permission
from facilitators.models import Notification
from facilitators.permissions import scope_of
from reporting.models import Statement
from reporting.todo import tasks_for

# Beyond these, the page « Notifications » has them all.
NEWS = 8


@require_safe
def home(request):
    """« À faire », and the last papers for those who read them."""
    statements = []
    if scope_of(request.user).allows(Permission.VIEW_STATEMENTS):
        papers = Statement.objects.visible_to(request.user).in_force().defer("snapshot")
        statements = papers.select_related("territory", "directorate", "market").order_by("-published_at")[:5]
    news = Notification.objects.visible_to(request.user).unread()[:NEWS]
    context = {"tasks": tasks_for(request.user), "statements": statements, "news": news}
    return render(request, "reporting/home.html", context)
