"""What answers an address of the interface that is nobody's."""

from django.http import Http404
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView


class UnknownAddress(APIView):
    """404 in JSON (M1), whoever asks and however: an unknown address says nothing."""

    authentication_classes = []
    permission_classes = [AllowAny]
    schema = None

    def initial(self, request, *args, **kwargs):
        raise Http404


unknown_address = UnknownAddress.as_view()
