"""django-simple-history makes a class, and looks at all its methods, each time a history is named: here, once."""

from functools import cache

from simple_history.manager import HistoryManager


def quick_histories(patch):
    """Have the class of each kind of history made once (`patch`: a MonkeyPatch)."""
    patch.setattr(HistoryManager, "from_queryset", cache(HistoryManager.from_queryset))
