"""What Django tells of an error by mail: where it happened, and the reference that finds it in the log (A29)."""

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from clauses_portal.core.logs import trace_of


class NothingPersonal(SafeExceptionReporterFilter):
    """Nothing of what was sent, computed or set: neither form, nor header, nor cookie, nor variable, nor setting."""

    def get_safe_settings(self):
        return {}

    def get_safe_request_meta(self, request):
        return {}

    def get_safe_cookies(self, request):
        return {}

    def get_post_parameters(self, request):
        return {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []


class PlaceAlone(ExceptionReporter):
    """The calls that led to the error and its kind, in place of Django's text, which shows address and values."""

    def get_traceback_text(self):
        reference = getattr(self.request, "reference", "-")
        # a message logged without an exception comes here as a text
        trace = trace_of(self.exc_value) if isinstance(self.exc_value, BaseException) else ""
        return f"Référence : {reference}\n\n{trace}"
