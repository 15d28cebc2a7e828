from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("account/_proconnect.html", takes_context=True)
def proconnect_way(context, route, label):
    """The way to ProConnect by this route, nothing at all when the portal is not registered there."""
    next_page = context["request"].GET.get("next", "")
    return {"enabled": bool(settings.PROCONNECT_ISSUER), "route": route, "label": label, "next": next_page}
