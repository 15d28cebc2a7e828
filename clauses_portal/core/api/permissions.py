from rest_framework.permissions import BasePermission


class Nobody(BasePermission):
    """The default: a view that does not say what it asks for opens to nobody."""

    def has_permission(self, request, view):
        return False
