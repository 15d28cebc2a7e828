"""Pages that only exist to prove that the strict client sees what it must."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from facilitators.models import Territory


@login_not_required
def reading(request):
    return HttpResponse(str(Territory.objects.count()))


@login_not_required
def writing(request):
    Territory.objects.filter(code="AIX").update(name="Pays d’Aix-en-Provence")
    return HttpResponse("fait")


@login_not_required
def counting_visits(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    request.session.save()
    return HttpResponse("fait")


urlpatterns = [
    path("lire/", reading),
    path("ecrire/", writing),
    path("session/", counting_visits),
]
