from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from clauses_portal.accounts.passwords import normalised
from clauses_portal.core.validators import validate_one_line


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Create an account whose login is `email`, kept in lower case."""
        if not email:
            raise ValueError("Une adresse électronique est nécessaire.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Create a technical account: Django admin only, no business right (design.md §3)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    @classmethod
    def normalize_email(cls, email):
        return (email or "").strip().lower()

    def get_by_natural_key(self, email):
        return self.get(email=self.normalize_email(email))


class User(AbstractUser):
    """A person who signs in with her e-mail address. Her rights come from her memberships alone."""

    username = None
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Cette adresse est déjà utilisée."},
    )

    phone = models.CharField("téléphone professionnel", max_length=20, blank=True, validators=[validate_one_line])
    job_title = models.CharField("fonction", max_length=120, blank=True, validators=[validate_one_line])

    is_software = models.BooleanField("compte d’un logiciel", default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]
    objects = UserManager()

    def set_password(self, raw_password):
        """Keep the digest of a password, None for none: the same whatever keyboard composes its accents."""
        super().set_password(raw_password and normalised(raw_password))

    def check_password(self, raw_password):
        return super().check_password(raw_password and normalised(raw_password))

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="account_email_case_insensitive",
                violation_error_message="Cette adresse est déjà utilisée.",
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.email
