from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clauses_portal.accounts.models import User
from facilitators.enums import Role
from facilitators.permissions import grant


class Command(BaseCommand):
    help = "Ouvre le premier compte administrateur d’une installation ; il ouvre ensuite tous les autres à l’écran."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")

    def handle(self, *, email, first_name, last_name, **options):
        user = User(email=User.objects.normalize_email(email), first_name=first_name, last_name=last_name)
        try:
            password = self.ask_password(user)
            self.open(user, password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user} peut se connecter et donner les rôles.")

    def ask_password(self, user):
        """Ask it twice, typed and not shown; raises ValidationError when it is too weak or differs."""
        password = getpass("Mot de passe (16 caractères au moins) : ")
        if password != getpass("Encore une fois : "):
            raise ValidationError("Les deux saisies diffèrent.")
        validate_password(password, user)
        return password

    @transaction.atomic
    def open(self, user, password):
        """Save the account and give it its role; nothing is kept when either is refused."""
        user.set_password(password)
        user.full_clean()
        user.save()
        grant(user=user, role=Role.ADMINISTRATOR, by=None)
