"""Where the factories count from."""

from factory.django import DjangoModelFactory


def count_from(number):
    """Have the next row of every factory be this one."""
    for factory in _subclasses(DjangoModelFactory):
        factory.reset_sequence(number, force=True)


def _subclasses(cls):
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
